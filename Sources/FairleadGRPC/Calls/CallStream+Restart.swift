import FairleadBalancing
import GRPCCore

extension CallStream {
  /// Why the server has not processed the stream that a status comes from, if it has not.
  func unprocessed(_ status: Status) -> UnprocessedMark.Reason? {
    channel.mark.reason(of: status)
  }

  /// What the caller sees if the call cannot be begun anew.
  var refusal: Status {
    ChannelFailure.unprocessed(channel.lossReason(of: state.withLock(\.connection)))
  }

  /// Begins the call anew. `nil` if that cannot be done; then the first answer stands.
  func restart(_ reason: UnprocessedMark.Reason) async -> Inbound? {
    guard let (former, generation) = leave(reason) else { return nil }
    do {
      let held = try await channel.hold(
        descriptor: descriptor, options: options, avoiding: former.connection.subchannel
      ) { outbound in await self.replay(to: outbound, generation) }
      return take(held) ? held.stream.inbound : nil
    } catch {
      state.withLock { $0.outlet.abandon() }
      return nil
    }
  }

  /// Gives the stream up that was not processed, and its place, which the call may need itself.
  private func leave(_ reason: UnprocessedMark.Reason) -> (Lease<WrappedChannel>, Int)? {
    let now = channel.clock.now
    let left = state.withLock { state -> (Lease<WrappedChannel>, HeldStream?, Duration, Int)? in
      let isAllowed =
        switch reason {
        case .refused: !state.wasRefused
        case .unsent: state.restarts < BalancedChannel.maximumAttempts
        }
      guard isAllowed, !state.isClosed, state.lease != nil, state.outlet.restart(),
        let lease = state.lease.take()
      else { return nil }
      state.restarts += 1
      if reason == .refused { state.wasRefused = true }
      return (lease, state.held.take(), state.began, state.outlet.generation)
    }
    guard let (lease, held, began, generation) = left else { return nil }
    held?.end()
    channel.metrics?.attemptEnded(
      descriptor, CallOutcome(status: .unavailable, duration: now - began))
    channel.unused(lease)
    return (lease, generation)
  }

  /// `false` if the caller has gone meanwhile, or has sent too much.
  private func take(_ held: HeldStream) -> Bool {
    let now = channel.clock.now
    let isWanted = state.withLock { state in
      guard !state.isClosed, !state.outlet.isAbandoned else { return false }
      state.held = held
      state.lease = held.lease
      state.connection = held.lease.connection
      state.began = now
      return true
    }
    if isWanted {
      channel.metrics?.attemptStarted(descriptor)
    } else {
      held.end()
      channel.unused(held.lease)
    }
    return isWanted
  }

  /// Sends once more what was sent. An error of the new stream is told by its answer.
  private func replay(to outbound: Outbound, _ generation: Int) async {
    while true {
      switch state.withLock({ $0.outlet.replay(to: outbound, generation: generation) }) {
      case .send(let parts):
        guard (try? await outbound.write(contentsOf: parts)) != nil else { return }
      case .done, .superseded:
        return
      case .abandon:
        let error = RPCError(code: .unavailable, message: refusal.message)
        return await outbound.finish(throwing: error)
      case .finish(nil):
        return await outbound.finish()
      case .finish(let error?):
        return await outbound.finish(throwing: error)
      }
    }
  }
}
