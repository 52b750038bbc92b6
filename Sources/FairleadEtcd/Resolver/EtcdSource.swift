import FairleadBalancing
import FairleadDiscovery
import Foundation

/// Endpoints that are registered in etcd: all keys under a prefix are read, and watched from there on.
struct EtcdSource: EndpointSource {
  let target: EtcdTarget
  let options: EtcdOptions
  let discovery: DiscoveryOptions

  /// How many keys are read at once.
  static let pageSize: Int64 = 500
  /// How often in a row a watch may be too old for its server before that is a failure and waits like
  /// one.
  static let compactionLimit = 3
  /// A watch that held this long was not too old from the beginning.
  static let leastLifetime = Duration.seconds(1)

  /// Ends only when the task is cancelled.
  func watch(_ feed: ResolutionFeed, hints: ResolverHints) async {
    let sessions = EtcdSessions(
      servers: target.servers, options: options, task: "read the keys under \(target.prefix)",
      random: discovery.random, now: discovery.resolver.now)
    let end: Void? = await sessions.run(
      { session in try await follow(session, feed, hints) },
      failed: { feed.failed($0) },
      rest: { await hints.wait(upTo: $0) })
    _ = end
  }

  /// Reads and watches until the session cannot be used any more.
  private func follow(
    _ session: EtcdSession, _ feed: ResolutionFeed, _ hints: ResolverHints
  ) async throws {
    var compactions = 0
    while true {
      let start = discovery.resolver.now()
      // Read anew for each session and never resumed: a server that was set up again has smaller
      // revisions, and a watch from one that is yet to come would be silent.
      let (directory, revision) = try await read(session)
      feed.answered(directory.endpoints, beside: directory.failure)
      try await watch(session, directory, after: revision, feed, hints)
      let isQuick = start.duration(to: discovery.resolver.now()) < Self.leastLifetime
      compactions = isQuick ? compactions + 1 : 0
      guard compactions < Self.compactionLimit else {
        throw EtcdProblem.watchEnded("its revisions are compacted faster than they can be read")
      }
    }
  }

  /// All keys as they were at one revision.
  private func read(_ session: EtcdSession) async throws -> (EtcdDirectory, revision: Int64) {
    var directory = EtcdDirectory(prefix: target.prefix)
    let range = EtcdRange(prefix: target.prefix)
    var request = Etcdserverpb_RangeRequest()
    request.key = range.start
    request.rangeEnd = range.end
    request.limit = Self.pageSize
    while true {
      let page = try await session.range(request)
      if request.revision == 0 { request.revision = page.header.revision }
      for pair in page.kvs { directory.put(pair.key, pair.value) }
      guard page.more, let last = page.kvs.last else { break }
      // The next key there can be.
      request.key = last.key + [0]
    }
    return (directory, request.revision)
  }

  /// Returns when the revisions that it needs are compacted: then all has to be read again.
  private func watch(
    _ session: EtcdSession, _ directory: EtcdDirectory, after revision: Int64,
    _ feed: ResolutionFeed, _ hints: ResolverHints
  ) async throws {
    let range = EtcdRange(prefix: target.prefix)
    var request = Etcdserverpb_WatchCreateRequest()
    request.key = range.start
    request.rangeEnd = range.end
    request.startRevision = revision + 1
    request.progressNotify = true
    request.fragment = true
    let interval = options.progressInterval
    try await session.watch(
      request,
      nextProgress: {
        _ = await hints.wait(upTo: interval)
        try Task.checkCancellation()
      },
      onResponse: { responses in
        var directory = directory
        for try await response in responses {
          if response.canceled {
            if response.compactRevision > 0 { return }
            throw EtcdProblem.watchEnded(response.cancelReason)
          }
          for event in response.events { directory.apply(event) }
          // Told when the revision is whole. Without events it is a sign that nothing was missed.
          guard !response.fragment, !response.created || !response.events.isEmpty else { continue }
          feed.answered(directory.endpoints, beside: directory.failure)
        }
        throw EtcdProblem.watchEnded("without a reason")
      })
  }
}

extension EtcdDirectory {
  fileprivate mutating func apply(_ event: Mvccpb_Event) {
    switch event.type {
    case .put: put(event.kv.key, event.kv.value)
    case .delete: remove(event.kv.key)
    case .UNRECOGNIZED: break
    }
  }
}
