import FairleadBalancing
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Synchronization

/// The stream that a call sees: it passes parts on, notices how the call ends, and begins it anew on
/// another connection if the server has not processed it (gRFC A6).
///
/// Used by the call's tasks; one reads and one writes at a time.
final class CallStream: Sendable {
  typealias Part = RPCResponsePart<GRPCNIOTransportBytes>
  typealias Inbound = RPCAsyncSequence<Part, any Error>
  typealias Outbound = RPCWriter<RPCRequestPart<GRPCNIOTransportBytes>>.Closable

  struct State {
    var outlet: CallOutlet
    var lease: Lease<WrappedChannel>?
    /// What it was sent on last, also when the lease was given up.
    var connection: ConnectionID
    /// A stream that the call was begun anew on.
    var held: HeldStream?
    var began: Duration
    /// When the caller's time is over; `nil` if it has no bound.
    var deadline: Duration?
    var restarts = 0
    var wasRefused = false
    var hasEnded = false
    var isClosed = false
  }

  let channel: BalancedChannel
  let descriptor: MethodDescriptor
  let options: CallOptions
  let inbound: Inbound
  let state: Mutex<State>
  let bytesReceived = Atomic(0)

  /// How much sooner than at its deadline a call may be given up and still be overdue: deadlines are
  /// told in whole units.
  private static let haste = Duration.milliseconds(1)

  /// - Parameter asked: when the caller asked for the stream.
  init(
    _ stream: RPCStream<Inbound, Outbound>, lease: Lease<WrappedChannel>, options: CallOptions,
    asked: Duration, channel: BalancedChannel
  ) {
    self.channel = channel
    descriptor = stream.descriptor
    self.options = options
    inbound = stream.inbound
    state = Mutex(
      State(
        outlet: CallOutlet(stream.outbound), lease: lease, connection: lease.connection,
        began: channel.clock.now,
        deadline: options.timeout.map { asked + $0 }))
    channel.metrics?.attemptStarted(descriptor)
  }

  /// The call's scope ends: whatever has not been told is told now.
  func close() {
    let now = channel.clock.now
    let (lease, held, began, deadline, hasEnded) = state.withLock { state in
      state.isClosed = true
      defer { state.lease = nil }
      return (state.lease, state.held, state.began, state.deadline, state.hasEnded)
    }
    held?.end()
    guard let lease else { return }
    if !hasEnded {
      // Given up by the caller, which says nothing of the endpoint; unless it had its time.
      let isOverdue = deadline.map { now >= $0 - Self.haste } ?? false
      record(
        CallOutcome(status: isOverdue ? .deadlineExceeded : nil, duration: now - began), of: lease)
    }
    channel.release(lease)
  }

  /// The final status came. Its connection's stream is free if all was sent, too.
  func ended(_ status: Status, _ metadata: Metadata) {
    let now = channel.clock.now
    let ending = state.withLock { state -> Ending? in
      guard !state.hasEnded, let lease = state.lease else { return nil }
      state.hasEnded = true
      let outlet = state.outlet
      if outlet.isFinished { state.lease = nil }
      return Ending(
        lease: lease, began: state.began, isFree: outlet.isFinished,
        isOurs: outlet.hasFailed || outlet.isAbandoned)
    }
    guard let ending else { return }
    record(
      CallOutcome(
        status: ending.isOurs ? nil : status.code, duration: now - ending.began,
        report: LoadReport(trailers: metadata)),
      of: ending.lease)
    if ending.isFree { channel.release(ending.lease) }
  }

  private struct Ending {
    let lease: Lease<WrappedChannel>
    let began: Duration
    /// All was sent: the stream is over.
    let isFree: Bool
    /// The caller's own error ended it, or what we did not keep; neither says anything of the endpoint.
    let isOurs: Bool
  }

  private func record(_ outcome: CallOutcome, of lease: Lease<WrappedChannel>) {
    var outcome = outcome
    if channel.metrics != nil {
      outcome.bytesSent = state.withLock(\.outlet.bytes)
      outcome.bytesReceived = bytesReceived.load(ordering: .relaxed)
    }
    channel.ended(outcome, of: lease, method: descriptor)
  }

  func commit() {
    state.withLock { $0.outlet.commit() }
  }
}
