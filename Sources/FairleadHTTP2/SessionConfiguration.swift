/// The limits and settings of one side of an HTTP/2 connection. The defaults are the proxy's.
package struct SessionConfiguration: Sendable {
  /// Streams that the peer may have open (SETTINGS_MAX_CONCURRENT_STREAMS).
  package var maxConcurrentStreams = 100
  /// Bytes that the peer may send on one stream before the other side took any.
  package var streamWindow = 256 * 1024
  /// Bytes that may be on their way on the whole connection. They are given back when they arrive: what waits here is
  /// bounded by the streams' windows, so that one slow stream does not stop its neighbours.
  package var connectionWindow = 1024 * 1024
  /// The largest header list that is taken, by the RFC's count.
  package var maxHeaderListSize = 64 * 1024
  /// Header lists this large end the connection: decoding them is an attack.
  package var abusiveHeaderListSize = 1024 * 1024
  /// Streams that the peer may reset, or make us reset (RFC 9113 §10.5).
  package var resets = FrameBudget(burst: 1000, perSecond: 500)
  /// PING, SETTINGS, PRIORITY and empty DATA frames that the peer may send.
  package var controlFrames = FrameBudget(burst: 2000, perSecond: 500)
  /// Answers to PING and SETTINGS that may wait for a peer that does not read.
  package var maxQueuedAcks = 1000

  package init() {}
}
