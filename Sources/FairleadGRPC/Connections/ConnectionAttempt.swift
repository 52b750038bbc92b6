import NIOCore
import Synchronization

/// One connection from its first attempt to its end, so that it can be given up at any time.
final class ConnectionAttempt: Sendable {
  private struct State {
    var channel: (any Channel)?
    var isAbandoned = false
  }

  private let state = Mutex(State())

  /// The socket is about to connect. Throws if the attempt was given up before.
  func began(_ channel: any Channel) throws {
    let isAbandoned = state.withLock { state in
      state.channel = channel
      return state.isAbandoned
    }
    if isAbandoned { throw CancellationError() }
  }

  /// Closes what there is.
  func abandon() {
    let channel = state.withLock { state in
      state.isAbandoned = true
      return state.channel
    }
    channel?.close(promise: nil)
  }
}
