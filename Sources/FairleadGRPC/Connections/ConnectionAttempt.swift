import NIOCore
import Synchronization

/// One connection from its first attempt to its end, so that it can be given up at any time.
final class ConnectionAttempt: Sendable {
  private struct State {
    var channel: (any Channel)?
    var isAbandoned = false
  }

  /// Set by the peer's GOAWAY, and when we close it ourselves: no stream may begin any more.
  let goAway = GoAwayFlag()
  private let state = Mutex(State())
  private let sideStreams = AsyncStream<Never>.makeStream()

  /// The socket, once there is one.
  var channel: (any Channel)? { state.withLock(\.channel) }

  /// The socket is about to connect. Throws if the attempt was given up before.
  func began(_ channel: any Channel) throws {
    let isAbandoned = state.withLock { state in
      state.channel = channel
      return state.isAbandoned
    }
    if isAbandoned { throw CancellationError() }
  }

  /// Of several sockets, for the addresses of one name, this one is connected.
  func connected(_ channel: any Channel) {
    let isAbandoned = state.withLock { state in
      state.channel = channel
      return state.isAbandoned
    }
    if isAbandoned { channel.close(promise: nil) }
  }

  /// Closes what there is.
  func abandon() {
    let channel = state.withLock { state in
      state.isAbandoned = true
      return state.channel
    }
    channel?.close(promise: nil)
  }

  /// Closes what there is, and returns when it is closed: only then may the transport over it be
  /// forgotten, as its writer must not vanish from under an open channel.
  func close() async {
    abandon()
    // How it was closed, is told elsewhere.
    try? await channel?.closeFuture.get()
  }

  /// As ``abandon()``, and a ``LingeringClose`` does not linger.
  func cut() {
    channel?.triggerUserOutboundEvent(LingeringClose.Cut(), promise: nil)
    abandon()
  }

  /// Returns when what happens to the socket at this moment was told.
  func settled() async {
    try? await channel?.eventLoop.submit {}.get()
  }

  /// Streams that are not for calls have no end of their own, and would keep the connection open.
  func endSideStreams() {
    sideStreams.continuation.finish()
  }

  /// Returns when they are to end.
  func sideStreamsEnd() async {
    for await _ in sideStreams.stream {}
  }
}
