import FairleadBalancing
import FairleadHealthProtocol
import GRPCCore
import GRPCProtobuf

/// Asks the server at the other end of one connection for its health, for as long as the connection
/// lives.
struct HealthWatch: Sendable {
  let child: WrappedChannel
  let service: String
  let backoff: Backoff
  let random: RandomSource

  /// Returns when the connection is gone, the task is cancelled, or there is no health service.
  func run(_ tell: @Sendable (HealthVerdict) -> Void) async {
    let client = Grpc_Health_V1_Health.Client(wrapping: GRPCClient(transport: child))
    var machine = HealthMachine(service: service, backoff: backoff, random: random)
    while !Task.isCancelled {
      machine.asked()
      let error = await watch(client, &machine, tell)
      guard !Task.isCancelled else { return }
      let (verdict, next) = machine.ended(error)
      tell(verdict)
      switch next {
      case .stop:
        return
      case .ask(let delay):
        // Not without any rest: a server may end each stream after its first answer. Cancelled: the
        // loop ends.
        try? await Task.sleep(for: max(delay, .milliseconds(10)))
      }
    }
  }

  private func watch(
    _ client: Grpc_Health_V1_Health.Client<WrappedChannel>, _ machine: inout HealthMachine,
    _ tell: @Sendable (HealthVerdict) -> Void
  ) async -> RPCError? {
    let (answers, offer) = AsyncStream<Grpc_Health_V1_HealthCheckResponse.ServingStatus>
      .makeStream()
    return await withTaskGroup(of: RPCError?.self) { group in
      group.addTask { [service] in
        defer { offer.finish() }
        do {
          try await client.watch(.with { $0.service = service }) { response in
            for try await message in response.messages { offer.yield(message.status) }
          }
          return nil
        } catch {
          return error as? RPCError ?? RPCError(code: .unknown, message: "\(error)")
        }
      }
      for await answer in answers { tell(machine.answered(answer)) }
      return await group.next() ?? nil
    }
  }
}
