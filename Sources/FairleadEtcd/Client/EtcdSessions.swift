import FairleadBalancing
import FairleadDiscovery

/// One session after another with the servers of a cluster, until one of them ends well or the task is
/// cancelled: a server that fails is followed by the next one.
struct EtcdSessions: Sendable {
  let servers: [EtcdServer]
  let options: EtcdOptions
  /// What is done with the servers, after "to", for messages.
  let task: String
  let random: RandomSource
  let now: @Sendable () -> ContinuousClock.Instant

  /// - Parameters:
  ///   - body: what to do with a session. It throws when it needs another one.
  ///   - failed: is told when no server can be used for the moment.
  ///   - rest: waits for so long; returns `true` if it is worth trying all servers before that.
  /// - Returns: what the body returned; `nil` when the task was cancelled.
  func run<Result: Sendable>(
    _ body: @escaping @Sendable (EtcdSession) async throws -> Result,
    failed: @escaping @Sendable (ResolutionFailure) -> Void,
    rest: @escaping @Sendable (Duration) async -> Bool
  ) async -> Result? {
    var rotation = EtcdServerRotation(
      count: servers.count, backoff: options.backoff, random: random)
    while !Task.isCancelled {
      switch rotation.next(at: now()) {
      case .wait(let duration):
        if let failure = rotation.failure { failed(failure) }
        if await rest(duration) { rotation.endRests() }
      case .use(let index):
        let start = now()
        do {
          return try await EtcdSession.with(servers[index], options, body)
        } catch {
          // Cut short: that says nothing of the server.
          if Task.isCancelled { return nil }
          let failure = EtcdFailure(server: servers[index], task: task, user: options.user)
          let end = now()
          rotation.failed(
            index, with: failure.describe(error), after: start.duration(to: end), at: end)
        }
      }
    }
    return nil
  }
}
