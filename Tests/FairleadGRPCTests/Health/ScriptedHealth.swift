import FairleadHealthProtocol
import GRPCCore
import Synchronization

/// A health service whose `Watch` ends as the test wants it, where a real one goes on for as long as
/// its server lives.
final class ScriptedHealth: Sendable {
  typealias Service = Grpc_Health_V1_Health
  typealias Status = Grpc_Health_V1_HealthCheckResponse.ServingStatus

  /// One stream of answers: before the first one it waits at a gate, before the end at another one.
  struct Watch: Sendable {
    var start: Gate?
    var statuses: [Status] = []
    var end: Gate?
    /// `nil`: it ends in good order.
    var failure: RPCError?
  }

  private let script: @Sendable (_ watch: Int) -> Watch
  private let services = Mutex<[String]>([])

  /// - Parameter script: for each `Watch`, from 1, how it goes.
  init(_ script: @escaping @Sendable (_ watch: Int) -> Watch) {
    self.script = script
  }

  /// The services that were asked for.
  var asked: [String] { services.withLock { $0 } }
}

extension ScriptedHealth: Grpc_Health_V1_Health.SimpleServiceProtocol {
  func check(
    request: Grpc_Health_V1_HealthCheckRequest, context: ServerContext
  ) async throws -> Grpc_Health_V1_HealthCheckResponse {
    throw RPCError(code: .unimplemented, message: "Clients watch.")
  }

  func list(
    request: Grpc_Health_V1_HealthListRequest, context: ServerContext
  ) async throws -> Grpc_Health_V1_HealthListResponse {
    throw RPCError(code: .unimplemented, message: "Clients watch.")
  }

  func watch(
    request: Grpc_Health_V1_HealthCheckRequest,
    response: RPCWriter<Grpc_Health_V1_HealthCheckResponse>,
    context: ServerContext
  ) async throws {
    let number = services.withLock { services in
      services.append(request.service)
      return services.count
    }
    let watch = script(number)
    await wait(at: watch.start)
    for status in watch.statuses { try await response.write(.with { $0.status = status }) }
    await wait(at: watch.end)
    if let failure = watch.failure { throw failure }
  }

  private func wait(at gate: Gate?) async {
    guard let waiter = gate?.enter() else { return }
    await withRPCCancellationHandler {
      await waiter.wait()
    } onCancelRPC: {
      waiter.leave()
    }
  }
}
