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

  private struct State {
    var outlet: CallOutlet
    var lease: Lease<WrappedChannel>?
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

  private let channel: BalancedChannel
  private let descriptor: MethodDescriptor
  private let options: CallOptions
  private let inbound: Inbound
  private let state: Mutex<State>
  fileprivate let bytesReceived = Atomic(0)

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
        outlet: CallOutlet(stream.outbound), lease: lease, began: channel.clock.now,
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
  fileprivate func ended(_ status: Status, _ metadata: Metadata) {
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
    outcome.bytesSent = state.withLock(\.outlet.bytes)
    outcome.bytesReceived = bytesReceived.load(ordering: .relaxed)
    channel.ended(outcome, of: lease, method: descriptor)
  }

  fileprivate func commit() {
    state.withLock { $0.outlet.commit() }
  }

  // MARK: Sending

  fileprivate func send(_ part: RPCRequestPart<GRPCNIOTransportBytes>) async throws {
    if options.timeout != nil, case .metadata(let metadata) = part { noteDeadline(metadata) }
    switch state.withLock({ $0.outlet.send(part) }) {
    case .leave:
      return
    case .refuse:
      throw RPCError(code: .unavailable, message: UnprocessedMark.status.message)
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

  fileprivate func finish(throwing error: (any Error)? = nil) async {
    guard case .send(let outbound, _) = state.withLock({ $0.outlet.finish(throwing: error) })
    else { return }
    if let error {
      await outbound.finish(throwing: error)
    } else {
      await outbound.finish()
    }
  }

  // MARK: Once more

  /// Why the server has not processed the stream that a status comes from, if it has not.
  fileprivate func unprocessed(_ status: Status) -> UnprocessedMark.Reason? {
    channel.mark.reason(of: status)
  }

  /// Begins the call anew. `nil` if that cannot be done; then the first answer stands.
  fileprivate func restart(_ reason: UnprocessedMark.Reason) async -> Inbound? {
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
        let message = UnprocessedMark.status.message
        return await outbound.finish(throwing: RPCError(code: .unavailable, message: message))
      case .finish(nil):
        return await outbound.finish()
      case .finish(let error?):
        return await outbound.finish(throwing: error)
      }
    }
  }
}

extension CallStream: AsyncSequence {
  typealias Element = Part
  typealias Failure = any Error

  /// A class, as grpc-swift would put a struct of this size into a box, and copy the box.
  final class AsyncIterator: AsyncIteratorProtocol {
    private let call: CallStream
    private var base: Inbound.AsyncIterator

    fileprivate init(_ call: CallStream) {
      self.call = call
      base = call.inbound.makeAsyncIterator()
    }

    func next() async throws -> Part? {
      try await next(isolation: nil)
    }

    func next(isolation actor: isolated (any Actor)?) async throws -> Part? {
      guard let part = try await base.next(isolation: actor) else { return nil }
      switch part {
      case .metadata:
        call.commit()
        return part
      case .message(let bytes):
        call.bytesReceived.wrappingAdd(bytes.count, ordering: .relaxed)
        return part
      case .status(let status, let metadata):
        guard let reason = call.unprocessed(status) else {
          call.ended(status, metadata)
          return part
        }
        if let again = await call.restart(reason) {
          base = again.makeAsyncIterator()
          return try await next(isolation: actor)
        }
        call.ended(UnprocessedMark.status, metadata)
        return .status(UnprocessedMark.status, metadata)
      }
    }
  }

  func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }
}

/// Where a call puts what it sends.
struct CallWriter: ClosableRPCWriterProtocol {
  typealias Element = RPCRequestPart<GRPCNIOTransportBytes>

  let call: CallStream

  func write(_ element: Element) async throws {
    try await call.send(element)
  }

  func write(contentsOf elements: some Sequence<Element>) async throws {
    for element in elements {
      try await call.send(element)
    }
  }

  func finish() async {
    await call.finish()
  }

  func finish(throwing error: any Error) async {
    await call.finish(throwing: error)
  }
}
