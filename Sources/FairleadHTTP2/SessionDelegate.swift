/// What happens on a connection as a whole. Called on the owner's thread, from within `receive` or `send`; it may submit
/// frames to any session but must not call `receive` or `send`.
package protocol SessionDelegate: AnyObject {
  /// The peer opened a stream: its request headers are complete. Give it a handler, or reset it.
  func session(_ session: Session, didOpen stream: HTTP2Stream)
  /// Frames were queued, here or by a stream that reads from one of ours: call `send` soon. Said once until then.
  func sessionNeedsSend(_ session: Session)
  /// The peer's SETTINGS arrived, the first or later ones.
  func sessionDidReceiveSettings(_ session: Session)
  /// The peer takes no further streams; those above `lastStreamID` are closed with REFUSED_STREAM.
  func session(_ session: Session, didReceiveGoAway code: ErrorCode, lastStreamID: Int32)
  func sessionDidReceivePingAck(_ session: Session)
  /// A stream is gone, so one more may be opened.
  func sessionDidCloseStream(_ session: Session)
  /// A limit was hit and the connection will be closed, by the limit's name: for metrics.
  func session(_ session: Session, didExceed limit: SessionLimit)
}

/// The limits whose breach ends a connection.
package enum SessionLimit: String, Sendable, CaseIterable {
  case resets
  case controlFrames = "control_frames"
  case queuedAcks = "queued_acks"
  case headerList = "header_list"
  case continuations
}

/// What happens on one stream. Same rules as for ``SessionDelegate``.
package protocol StreamHandler: AnyObject {
  /// A header block other than the one that opened the stream is complete and in `stream.headers`.
  func stream(_ stream: HTTP2Stream, didReceive kind: HeaderBlockKind)
  /// Body bytes are in the stream's queue; whoever has it as its source has been told.
  func streamDidReceiveData(_ stream: HTTP2Stream)
  /// END_STREAM came, with headers, trailers or data that were reported before.
  func streamDidReceiveEnd(_ stream: HTTP2Stream)
  /// The stream is gone. The last event.
  func streamDidClose(_ stream: HTTP2Stream, _ closure: StreamClosure)
}

/// How a stream came to its end.
package enum StreamClosure: Sendable, Hashable {
  /// Both sides have said all they had to say.
  case ended
  /// The peer sent RST_STREAM.
  case resetByPeer(ErrorCode)
  /// We sent RST_STREAM, asked to or because the peer broke the protocol on this stream.
  case resetByUs(ErrorCode)
  /// The peer's GOAWAY says that it has not looked at it.
  case aboveGoAway
  /// The connection is gone.
  case connectionLost
}

/// What a header block is for.
package enum HeaderBlockKind: Sendable {
  /// A 1xx response; others follow.
  case informational
  case response
  case trailers
}
