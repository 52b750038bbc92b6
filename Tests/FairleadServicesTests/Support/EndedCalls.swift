import GRPCCore
import Synchronization

/// Counts the handlers that have ended, well or not.
final class EndedCalls: ServerInterceptor {
  private let ended = Atomic(0)

  var count: Int { self.ended.load(ordering: .relaxed) }

  func intercept<Input: Sendable, Output: Sendable>(
    request: StreamingServerRequest<Input>,
    context: ServerContext,
    next:
      @Sendable (StreamingServerRequest<Input>, ServerContext) async throws ->
      StreamingServerResponse<Output>
  ) async throws -> StreamingServerResponse<Output> {
    let response = try await next(request, context)
    let contents = try response.accepted.get()
    return StreamingServerResponse(metadata: contents.metadata) { writer in
      defer { self.ended.add(1, ordering: .relaxed) }
      return try await contents.producer(writer)
    }
  }
}
