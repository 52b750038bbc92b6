import FairleadHealthProtocol
import GRPCCore

/// `grpc.health.v1.Health`: answers from a ``HealthBoard`` that its owner writes to.
package struct HealthService: Sendable {
  private let board: HealthBoard

  /// - Parameter board: Where the statuses are read from.
  package init(board: HealthBoard) {
    self.board = board
  }
}

extension HealthService: Grpc_Health_V1_Health.SimpleServiceProtocol {
  package func check(
    request: Grpc_Health_V1_HealthCheckRequest,
    context: ServerContext
  ) async throws -> Grpc_Health_V1_HealthCheckResponse {
    guard let status = self.board.status(of: request.service) else {
      throw RPCError(code: .notFound, message: "No service is named '\(request.service)' here.")
    }
    return .with { $0.status = status.wireValue }
  }

  package func list(
    request: Grpc_Health_V1_HealthListRequest,
    context: ServerContext
  ) async throws -> Grpc_Health_V1_HealthListResponse {
    .with { response in
      response.statuses = self.board.statuses.mapValues { status in
        .with { $0.status = status.wireValue }
      }
    }
  }

  /// Sends the status at once and then each change, until the client leaves or the board closes.
  ///
  /// gRPC does not cancel a handler's task when the client leaves: without a word from it the watch
  /// would stay on the board as long as the server runs. The watch is ended, not cancelled, so that a
  /// server that stops can still send its last status.
  package func watch(
    request: Grpc_Health_V1_HealthCheckRequest,
    response: RPCWriter<Grpc_Health_V1_HealthCheckResponse>,
    context: ServerContext
  ) async throws {
    let watch = self.board.watch(request.service)
    try await withRPCCancellationHandler {
      for await status in watch.changes {
        try await response.write(.with { $0.status = status?.wireValue ?? .serviceUnknown })
      }
    } onCancelRPC: {
      watch.end()
    }
  }
}

extension HealthStatus {
  fileprivate var wireValue: Grpc_Health_V1_HealthCheckResponse.ServingStatus {
    switch self {
    case .serving: .serving
    case .notServing: .notServing
    }
  }
}
