/// The life of one subchannel: idle, connecting, ready, in transient failure. Draining ends it.
/// An unhealthy one counts as in transient failure, though its connection lives (gRFC A17).
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

  /// Connected to a server that says that it does not serve.
  private struct Unhealthy: Sendable, Equatable {
    var connection: Ready
    var error: String

    /// The connection is no failure of an attempt: the backoff starts over.
    var failure: Failure { Failure(attempts: 0, error: error) }
  }

  private enum State: Sendable, Equatable {
    case idle(Unready)
    case connecting(Unready)
    case ready(Ready)
    case unhealthy(Unhealthy)
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
    case .unhealthy, .transientFailure: .transientFailure
    }
  }

  /// The failure that it has not recovered from.
  var failure: Failure? {
    switch current {
    case .idle(let unready), .connecting(let unready), .transientFailure(let unready):
      unready.failure
    case .unhealthy(let unhealthy):
      unhealthy.failure
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
    case .connecting, .ready, .unhealthy:
      return false
    }
  }

  /// The attempt succeeded, or the server is healthy again. `true`: it is ready from now on.
  ///
  /// - Parameter calls: how many calls the endpoint ever had.
  mutating func connected(calls: Int) -> Bool {
    switch current {
    case .connecting(let unready):
      current = .ready(Ready(callsBefore: calls, wasUnused: unready.wasUnused))
      return true
    case .unhealthy(let unhealthy):
      current = .ready(unhealthy.connection)
      return true
    case .idle, .ready, .transientFailure:
      return false
    }
  }

  /// The server at the other end of a connection says that it does not serve. `true`: that is so
  /// from now on, or for another reason than before.
  ///
  /// - Parameter calls: how many calls the endpoint ever had.
  mutating func becameUnhealthy(error: String, calls: Int) -> Bool {
    switch current {
    case .connecting(let unready):
      let connection = Ready(callsBefore: calls, wasUnused: unready.wasUnused)
      current = .unhealthy(Unhealthy(connection: connection, error: error))
      return true
    case .ready(let connection):
      current = .unhealthy(Unhealthy(connection: connection, error: error))
      return true
    case .unhealthy(var unhealthy):
      guard unhealthy.error != error else { return false }
      unhealthy.error = error
      current = .unhealthy(unhealthy)
      return true
    case .idle, .transientFailure:
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
    case .idle, .ready, .unhealthy, .transientFailure:
      return nil
    }
  }

  /// The connection was lost; it is idle from now on, or goes on failing if it was unhealthy.
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
    case .unhealthy(let unhealthy):
      let isUnused = calls == unhealthy.connection.callsBefore
      let unready = Unready(failure: unhealthy.failure, wasUnused: isUnused)
      guard isUnused, unhealthy.connection.wasUnused else {
        current = .idle(unready)
        return .reconnect
      }
      current = .transientFailure(unready)
      return .rest
    case .idle, .connecting, .transientFailure:
      return .none
    }
  }

  /// Its backoff is over, but it is not its turn to connect: idle, and still failing.
  mutating func rest() {
    switch current {
    case .transientFailure(let unready):
      current = .idle(unready)
    case .idle, .connecting, .ready, .unhealthy:
      break
    }
  }

  /// Another server is at the address now: what failed before does not count any more.
  mutating func renew() {
    switch current {
    case .idle(let unready), .transientFailure(let unready):
      current = .idle(Unready(wasUnused: unready.wasUnused))
    case .connecting, .ready, .unhealthy:
      break
    }
  }

  /// Another subchannel is in use: this one is idle from now on, and what failed before does not
  /// count any more. `true`: its attempt, or its unhealthy connection, is to be given up.
  mutating func giveUp() -> Bool {
    switch current {
    case .idle, .transientFailure:
      renew()
      return false
    case .connecting(let unready):
      current = .idle(Unready(wasUnused: unready.wasUnused))
      return true
    case .unhealthy(let unhealthy):
      current = .idle(Unready(wasUnused: unhealthy.connection.wasUnused))
      return true
    case .ready:
      return false
    }
  }
}
