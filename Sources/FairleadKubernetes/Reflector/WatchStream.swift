import AsyncHTTPClient
import FairleadManifests
import NIOCore

/// One watch, from its request to its end.
struct WatchStream: Sendable {
  let query: ReflectorMachine.WatchQuery
  let scope: ResourceScope
  let session: KubernetesSession
  let tell: @Sendable (ReflectorNews) -> Void

  private var request: APIRequest {
    APIRequest(
      verb: .watch, scope: scope, version: query.version,
      query: [
        ("watch", "true"), ("allowWatchBookmarks", "true"), ("resourceVersion", query.revision),
        ("timeoutSeconds", String(query.timeout.components.seconds)),
      ])
  }

  /// Tells what comes until the watch ends or the task is cancelled.
  func run(_ machine: inout ReflectorMachine) async -> ReflectorMachine.WatchEnd {
    do throws(KubernetesFailure) {
      let response = try await session.send(request)
      tell(.watching)
      defer { tell(.ended) }
      return try await read(response.body, &machine)
    } catch {
      return .failed(error)
    }
  }

  private func read(
    _ body: HTTPClientResponse.Body, _ machine: inout ReflectorMachine
  ) async throws(KubernetesFailure) -> ReflectorMachine.WatchEnd {
    var splitter = LineSplitter(limit: session.options.limits.object)
    var chunks = body.makeAsyncIterator()
    while true {
      let chunk: ByteBuffer?
      do {
        chunk = try await chunks.next()
      } catch {
        // Cut off. What has come of a line is worth nothing: it comes again.
        return .closed
      }
      guard let chunk else { return .closed }
      let lines: [[UInt8]]
      do {
        lines = try splitter.split([UInt8](chunk.readableBytesView))
      } catch {
        throw KubernetesFailure(
          .tooLarge,
          "An event of the watch of \(scope) is longer than \(session.options.limits.object) bytes."
        )
      }
      try take(lines, &machine)
    }
  }

  /// All lines of a chunk are told at once; those before one that is no good count.
  private func take(
    _ lines: [[UInt8]], _ machine: inout ReflectorMachine
  ) throws(KubernetesFailure) {
    var changes: [ReflectorChange] = []
    defer { if !changes.isEmpty { tell(.changed(changes)) } }
    for line in lines {
      switch WatchLine(line, scope: scope) {
      case .put(let object, let revision):
        machine.received(revision: revision)
        changes.append(.put(object))
      case .removed(let key, let revision):
        machine.received(revision: revision)
        changes.append(.removed(key))
      case .bookmark(let revision):
        machine.received(revision: revision)
      case .error(let status):
        throw APIFailure.describe(
          code: status.isExpired ? 410 : status.code ?? 500, status: status, request: request,
          access: try session.client.access())
      case nil:
        throw KubernetesFailure(
          .malformed, "The watch of \(scope) sent a line that is no event; it is begun again.")
      }
    }
  }
}
