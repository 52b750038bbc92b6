import FairleadBalancing
import GRPCCore
import Synchronization

extension BalancedChannel {
  /// A place for a call, perhaps after a wait.
  func lease(_ request: CallRequest) async throws -> Lease<WrappedChannel> {
    do {
      switch machine.withLock({ $0.pick(request, now: clock.now) }) {
      case .lease(let lease): return lease
      case .fail(let error): throw error
      case .wait, .park: return try await wait(request)
      }
    } catch let error as RPCError {
      log.failed(error)
      throw error
    }
  }

  private func wait(_ request: CallRequest) async throws -> Lease<WrappedChannel> {
    let id = callsEver.wrappingAdd(1, ordering: .relaxed).newValue
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        apply { machine, now in machine.enqueue(id, continuation, request: request, now: now) }
        if Task.isCancelled { cancel(id) }
      }
    } onCancel: {
      cancel(id)
    }
  }

  private func cancel(_ id: Int) {
    machine.withLock { $0.cancel(id) }?.resume(throwing: CancellationError())
  }

  /// A stream has ended; how, was told before.
  func release(_ lease: Lease<WrappedChannel>) {
    apply { machine, now in machine.release(lease, now: now) }
  }

  /// A call did not get to use its place: that says nothing of the endpoint.
  func unused(_ lease: Lease<WrappedChannel>) {
    lease.load.callEnded()
    release(lease)
  }

  /// A call has ended at its endpoint.
  func ended(
    _ outcome: CallOutcome, of lease: Lease<WrappedChannel>, method: MethodDescriptor
  ) {
    metrics?.attemptEnded(method, outcome)
    guard let status = outcome.status else { return lease.load.callEnded() }
    if status == .ok { lease.load.recordLatency(outcome.duration, now: clock.now) }
    if let report = outcome.report, settings.loadReportPeriod == nil {
      lease.load.record(report, now: clock.now)
    }
    guard lease.load.callEnded(status: status.rawValue) else { return }
    apply { machine, now in machine.failedInARow(lease.connection.subchannel, now: now) }
  }

  /// Opens a stream whose scope a task of the channel keeps open until the call has ended.
  ///
  /// - Parameter use: runs beside the call, which reads from the stream.
  func hold(
    descriptor: MethodDescriptor, options: CallOptions, avoiding: SubchannelID,
    use: @escaping @Sendable (CallStream.Outbound) async -> Void
  ) async throws -> HeldStream {
    var request = CallRequest(
      avoiding: avoiding, hash: CallHash.current, waitsForReady: options.waitForReady ?? false)
    for _ in 0..<Self.maximumAttempts {
      let lease = try await lease(request)
      if let stream = await open(
        on: lease, descriptor: descriptor, options: options, use: use)
      {
        return stream
      }
      unused(lease)
      request.avoiding = lease.connection.subchannel
      try Task.checkCancellation()
    }
    throw noStream
  }

  var noStream: RPCError { ChannelFailure.noStream(machine.withLock { $0.vain.reason }) }

  /// Why the connection was lost, if it was the last one that was.
  func lossReason(of connection: ConnectionID) -> String? {
    machine.withLock { $0.vain.reason(of: connection) }
  }

  /// How often a call is given another connection when the one that it was given is gone already.
  static let maximumAttempts = 10

  private func open(
    on lease: Lease<WrappedChannel>, descriptor: MethodDescriptor, options: CallOptions,
    use: @escaping @Sendable (CallStream.Outbound) async -> Void
  ) async -> HeldStream? {
    let (streams, offer) = AsyncStream<RPCStream<CallStream.Inbound, CallStream.Outbound>>
      .makeStream()
    let (ending, end) = AsyncStream<Never>.makeStream()
    let begun = commands.continuation.yield(
      .run {
        // An error before there is a stream: `streams` ends without one.
        try? await lease.child.withStream(descriptor: descriptor, options: options) { stream, _ in
          offer.yield(stream)
          offer.finish()
          await withTaskGroup(of: Void.self) { group in
            group.addTask { await use(stream.outbound) }
            for await _ in ending {}
            group.cancelAll()
          }
        }
        offer.finish()
      })
    // Nothing runs any more: the channel is shut down.
    if case .terminated = begun { offer.finish() }
    for await stream in streams {
      return HeldStream(stream: stream, lease: lease, ending: end)
    }
    end.finish()
    return nil
  }
}
