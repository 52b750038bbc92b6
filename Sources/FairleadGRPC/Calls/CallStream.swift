import FairleadBalancing
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Synchronization

/// The stream that a call sees: it passes parts on, notices how the call ends, and begins it anew on
/// another connection, once, if the server has not processed it (gRFC A6).
///
/// Used by the call's tasks; one reads and one writes at a time.
final class CallStream: Sendable {
  typealias Part = RPCResponsePart<GRPCNIOTransportBytes>
  typealias Inbound = RPCAsyncSequence<Part, any Error>
  typealias Outbound = RPCWriter<RPCRequestPart<GRPCNIOTransportBytes>>.Closable

  private struct State {
    var outlet: CallOutlet
    var lease: Lease<WrappedChannel>?
    var second: HeldStream?
    var began: Duration
    /// When the caller's time is over; `nil` if it has no bound, or until the request was sent.
    var deadline: Duration?
    var hasEnded = false
  }

  private let channel: BalancedChannel
  private let descriptor: MethodDescriptor
  private let options: CallOptions
  private let inbound: Inbound
  private let state: Mutex<State>
  fileprivate let bytesReceived = Atomic(0)

  /// How much sooner than at its deadline a call may be given up and still be overdue: the time that
  /// passes until the request is written.
  private static let haste = Duration.milliseconds(10)

  init(
    _ stream: RPCStream<Inbound, Outbound>, lease: Lease<WrappedChannel>, options: CallOptions,
    channel: BalancedChannel
  ) {
    self.channel = channel
    descriptor = stream.descriptor
    self.options = options
    inbound = stream.inbound
    state = Mutex(
      State(outlet: CallOutlet(stream.outbound), lease: lease, began: channel.clock.now))
    channel.metrics?.attemptStarted(descriptor)
  }

  /// The call's scope ends: whatever has not been told is told now.
  func close() {
    let now = channel.clock.now
    let (lease, second, began, deadline, hasEnded) = state.withLock { state in
      defer { state.lease = nil }
      return (state.lease, state.second, state.began, state.deadline, state.hasEnded)
    }
    second?.end()
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
    let ending = state.withLock { state -> (Lease<WrappedChannel>, Duration, isFree: Bool)? in
      guard !state.hasEnded, let lease = state.lease else { return nil }
      state.hasEnded = true
      if state.outlet.isFinished { state.lease = nil }
      return (lease, state.began, state.outlet.isFinished)
    }
    guard let (lease, began, isFree) = ending else { return }
    record(
      CallOutcome(
        status: status.code, duration: now - began, report: LoadReport(trailers: metadata)),
      of: lease)
    if isFree { channel.release(lease) }
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
    state.withLock { $0.deadline = deadline }
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

  /// Whether the status says that the server has not processed the stream.
  fileprivate func isUnprocessed(_ status: Status) -> Bool {
    channel.mark.marks(status)
  }

  /// Begins the call anew. `nil` if that cannot be done; then the first answer stands.
  fileprivate func restart() async -> Inbound? {
    let first = state.withLock { state in
      state.outlet.restart() ? state.lease : nil
    }
    guard let first else { return nil }
    do {
      let second = try await channel.hold(
        descriptor: descriptor, options: options, avoiding: first.connection.subchannel)
      channel.unused(first)
      let now = channel.clock.now
      let duration = state.withLock { state in
        state.second = second
        state.lease = second.lease
        defer { state.began = now }
        return now - state.began
      }
      channel.metrics?.attemptEnded(
        descriptor, CallOutcome(status: .unavailable, duration: duration))
      channel.metrics?.attemptStarted(descriptor)
      return try await replay(to: second.stream.outbound) ? second.stream.inbound : nil
    } catch {
      state.withLock { $0.outlet.abandon() }
      return nil
    }
  }

  private func replay(to outbound: Outbound) async throws -> Bool {
    while true {
      switch state.withLock({ $0.outlet.replay(to: outbound) }) {
      case .send(let parts):
        try await outbound.write(contentsOf: parts)
      case .done:
        return true
      case .finish(nil):
        await outbound.finish()
        return true
      case .finish(let error?):
        await outbound.finish(throwing: error)
        return true
      case .abandon:
        return false
      }
    }
  }
}

extension CallStream: AsyncSequence {
  typealias Element = Part
  typealias Failure = any Error

  struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let call: CallStream
    fileprivate var base: Inbound.AsyncIterator
    private var isFirst = true

    fileprivate init(_ call: CallStream) {
      self.call = call
      base = call.inbound.makeAsyncIterator()
    }

    mutating func next() async throws -> Part? {
      try await next(isolation: nil)
    }

    mutating func next(isolation actor: isolated (any Actor)?) async throws -> Part? {
      guard let part = try await base.next(isolation: actor) else { return nil }
      switch part {
      case .metadata:
        isFirst = false
        call.commit()
        return part
      case .message(let bytes):
        call.bytesReceived.wrappingAdd(bytes.count, ordering: .relaxed)
        return part
      case .status(let status, let metadata):
        guard isFirst, call.isUnprocessed(status) else {
          call.ended(status, metadata)
          return part
        }
        isFirst = false
        if let again = await call.restart() {
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
