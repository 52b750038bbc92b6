/// The life of one subchannel: idle, connecting, ready, in transient failure. Draining ends it.
///
/// A value without I/O or clock. Its methods are named for what happened; an event that does not
/// fit the state came late and changes nothing. A failure is sticky (gRFC A62): a subchannel that
/// failed counts as failing, while it tries again too, until it is ready.
struct SubchannelMachine: Sendable, Equatable {
  /// What a failed attempt leaves behind.
  struct Failure: Sendable, Equatable {
    /// Attempts that failed in a row.
    var attempts: Int
    /// The last one's error, in words.
    var error: String
  }

  private struct Unready: Sendable, Equatable {
    var failure: Failure?
    /// The last connection was lost before it had a call.
    var wasUnused = false
  }

  private struct Ready: Sendable, Equatable {
    /// The endpoint's calls when the connection came to be.
    var callsBefore: Int
    var wasUnused: Bool
  }

  private enum State: Sendable, Equatable {
    case idle(Unready)
    case connecting(Unready)
    case ready(Ready)
    case transientFailure(Unready)
  }

  /// What a lost connection calls for.
  enum LossAction: Sendable, Equatable {
    /// Connect again at once.
    case reconnect
    /// Connect again after the first step of the backoff.
    case rest
    /// It was not ready: the event came late.
    case none
  }

  private var current = State.idle(Unready())

  var state: SubchannelState {
    switch current {
    case .idle: .idle
    case .connecting: .connecting
    case .ready: .ready
    case .transientFailure: .transientFailure
    }
  }

  /// The failure that it has not recovered from.
  var failure: Failure? {
    switch current {
    case .idle(let unready), .connecting(let unready), .transientFailure(let unready):
      unready.failure
    case .ready:
      nil
    }
  }

  /// The owner wants a connection. `true`: open one.
  mutating func connect() -> Bool {
    switch current {
    case .idle(let unready), .transientFailure(let unready):
      current = .connecting(unready)
      return true
    case .connecting, .ready:
      return false
    }
  }

  /// The attempt succeeded. `true`: it is ready from now on.
  ///
  /// - Parameter calls: how many calls the endpoint ever had.
  mutating func connected(calls: Int) -> Bool {
    switch current {
    case .connecting(let unready):
      current = .ready(Ready(callsBefore: calls, wasUnused: unready.wasUnused))
      return true
    case .idle, .ready, .transientFailure:
      return false
    }
  }

  /// The attempt failed. Not `nil`: try again after the backoff of this many failures.
  mutating func connectFailed(error: String) -> Int? {
    switch current {
    case .connecting(var unready):
      let attempts = (unready.failure?.attempts ?? 0) + 1
      unready.failure = Failure(attempts: attempts, error: error)
      current = .transientFailure(unready)
      return attempts
    case .idle, .ready, .transientFailure:
      return nil
    }
  }

  /// The connection was lost; it is idle from now on.
  ///
  /// A peer that closes one connection after the other before any call must not be met by a loop of
  /// attempts: the second time, it gets a rest. There is no failure in that: a peer may close what
  /// is not used.
  mutating func disconnected(calls: Int) -> LossAction {
    switch current {
    case .ready(let ready):
      let isUnused = calls == ready.callsBefore
      current = .idle(Unready(wasUnused: isUnused))
      return isUnused && ready.wasUnused ? .rest : .reconnect
    case .idle, .connecting, .transientFailure:
      return .none
    }
  }

  /// Its backoff is over, but it is not its turn to connect: idle, and still failing.
  mutating func rest() {
    switch current {
    case .transientFailure(let unready):
      current = .idle(unready)
    case .idle, .connecting, .ready:
      break
    }
  }

  /// What failed before does not count any more: another subchannel is in use.
  mutating func forget() {
    switch current {
    case .idle, .transientFailure:
      current = .idle(Unready())
    case .connecting, .ready:
      break
    }
  }
}
