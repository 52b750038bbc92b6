import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// What a call has sent, and where what it sends goes, as a value.
///
/// Until the first answer, what was sent is kept, so that it can be sent once more on another stream
/// (gRFC A6). What exceeds the limit is not: such a call is committed to its first stream.
struct CallOutlet: Sendable {
  typealias Part = RPCRequestPart<GRPCNIOTransportBytes>
  typealias Outbound = RPCWriter<Part>.Closable

  private enum State: Sendable {
    /// Parts go to the stream, and are kept.
    case keeping(Outbound, parts: [Part])
    /// Parts are kept for a stream that is being opened, or has had so many of them.
    case replaying(parts: [Part], sent: Int)
    /// Parts go to the stream.
    case committed(Outbound)
    /// There is no stream any more: the call's answer is known.
    case abandoned
  }

  /// How the caller ended what it sends.
  private enum Ending: Sendable {
    case finished
    case failed(any Error)
  }

  /// What to do with a part.
  enum Step: Sendable {
    /// - isKept: an error of the stream need not be told: the answer says what becomes of the call.
    case send(to: Outbound, isKept: Bool)
    /// Nothing: another task sends it.
    case leave
    /// There is no stream for it any more.
    case refuse
  }

  /// What to do next on the new stream.
  enum Replay: Sendable {
    case send([Part])
    /// All was sent, and more may come.
    case done
    /// All was sent, and the caller has finished, perhaps with an error.
    case finish((any Error)?)
    /// Too much was sent meanwhile, or the stream cannot be had.
    case abandon
    /// This stream was not processed, either; another one takes its place.
    case superseded
  }

  /// What a call may keep before an answer and still be begun anew: 256 KiB, as in gRPC's C core, each
  /// part with its cost.
  static let limit = 256 * 1024
  /// What a part costs beside its bytes, so that empty messages have a bound, too.
  static let costOfPart = 256

  private var state: State
  private var ending: Ending?
  /// Of all messages so far, before compression.
  private(set) var bytes = 0
  private var cost = 0
  private var isAnswered = false
  /// How often it was begun anew.
  private(set) var generation = 0

  /// The caller sends no more.
  var isFinished: Bool { ending != nil }

  /// The caller ended with an error of its own.
  var hasFailed: Bool {
    if case .failed = ending { true } else { false }
  }

  /// What was sent is not kept any more, and no stream has had it.
  var isAbandoned: Bool {
    if case .abandoned = state { true } else { false }
  }

  init(_ outbound: Outbound) {
    var parts: [Part] = []
    // What a unary call sends.
    parts.reserveCapacity(2)
    state = .keeping(outbound, parts: parts)
  }

  mutating func send(_ part: Part) -> Step {
    bytes += part.size
    cost += part.size + Self.costOfPart
    switch state {
    case .keeping(let outbound, var parts):
      // So that the array has one owner, and is not copied.
      state = .committed(outbound)
      guard cost <= Self.limit else { return .send(to: outbound, isKept: false) }
      parts.append(part)
      state = .keeping(outbound, parts: parts)
      return .send(to: outbound, isKept: true)
    case .replaying(var parts, let sent):
      state = .abandoned
      guard cost <= Self.limit else { return .refuse }
      parts.append(part)
      state = .replaying(parts: parts, sent: sent)
      return .leave
    case .committed(let outbound):
      return .send(to: outbound, isKept: false)
    case .abandoned:
      return .refuse
    }
  }

  /// The caller sends no more, because of an error perhaps.
  mutating func finish(throwing error: (any Error)? = nil) -> Step {
    ending = error.map { .failed($0) } ?? .finished
    switch state {
    case .keeping(let outbound, _): return .send(to: outbound, isKept: true)
    case .replaying, .abandoned: return .leave
    case .committed(let outbound): return .send(to: outbound, isKept: false)
    }
  }

  /// The first answer came: what was kept is not needed any more.
  mutating func commit() {
    isAnswered = true
    if case .keeping(let outbound, _) = state { state = .committed(outbound) }
  }

  /// The stream was not processed. `false` if it cannot be begun anew.
  mutating func restart() -> Bool {
    guard !hasFailed else { return false }
    switch state {
    case .keeping(_, let parts), .replaying(let parts, _):
      state = .replaying(parts: parts, sent: 0)
      generation += 1
      return true
    case .committed, .abandoned:
      return false
    }
  }

  /// The next step on the new stream. Once all was sent, further parts go to it directly, and all is
  /// kept until there is an answer.
  ///
  /// - Parameter generation: as it was when the stream was asked for.
  mutating func replay(to outbound: Outbound, generation: Int) -> Replay {
    guard generation == self.generation else { return .superseded }
    guard case .replaying(let parts, let sent) = state else { return .abandon }
    if sent < parts.count {
      state = .replaying(parts: parts, sent: parts.count)
      return .send(Array(parts[sent...]))
    }
    state = isAnswered ? .committed(outbound) : .keeping(outbound, parts: parts)
    switch ending {
    case nil: return .done
    case .finished: return .finish(nil)
    case .failed(let error): return .finish(error)
    }
  }

  /// There will be no new stream.
  mutating func abandon() {
    state = .abandoned
  }
}

extension RPCRequestPart where Bytes == GRPCNIOTransportBytes {
  fileprivate var size: Int {
    switch self {
    case .metadata: 0
    case .message(let bytes): bytes.count
    }
  }
}
