import GRPCCore
import GRPCNIOTransportHTTP2Posix

extension CallStream {
  func send(_ part: RPCRequestPart<GRPCNIOTransportBytes>) async throws {
    if options.timeout != nil, case .metadata(let metadata) = part { noteDeadline(metadata) }
    switch state.withLock({ $0.outlet.send(part) }) {
    case .leave:
      return
    case .refuse:
      throw RPCError(code: .unavailable, message: refusal.message)
    case .send(let outbound, let isKept):
      do {
        try await outbound.write(part)
      } catch {
        if !isKept || error is CancellationError { throw error }
      }
    }
  }

  private func noteDeadline(_ metadata: Metadata) {
    guard let timeout = GRPCTimeout.read(metadata) else { return }
    let deadline = channel.clock.now + timeout
    // The earlier one: what is left may have been told before the call waited for its connection.
    state.withLock { $0.deadline = Swift.min(deadline, $0.deadline ?? deadline) }
  }

  func finish(throwing error: (any Error)? = nil) async {
    guard case .send(let outbound, _) = state.withLock({ $0.outlet.finish(throwing: error) })
    else { return }
    if let error {
      await outbound.finish(throwing: error)
    } else {
      await outbound.finish()
    }
  }
}
