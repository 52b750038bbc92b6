import NIOHTTP2
import Synchronization

/// What a connection's streams have to know of its peer's GOAWAY.
///
/// NIOHTTP2 takes the HEADERS of a new stream after a GOAWAY for an error of the whole connection, and
/// closes it with all calls that still run; a stream that was opened just before cannot know. As a
/// server, it refuses all streams from its own GOAWAY on, and then closes the connection over the
/// first DATA of one of them: later streams were refused, too, though nobody says so.
final class GoAwayFlag: Sendable {
  private static let none = Int.max

  private let flag = Atomic(false)
  private let firstRefused = Atomic(GoAwayFlag.none)

  /// Whether the peer has said GOAWAY: streams must not begin any more.
  var isSet: Bool { flag.load(ordering: .relaxed) }

  /// The peer has said GOAWAY.
  ///
  /// - Parameter last: it has not processed any stream above this one (RFC 9113, section 6.8). NIOHTTP2
  ///   ends those as if they had been cancelled.
  func set(last: HTTP2StreamID = .maxID) {
    flag.store(true, ordering: .relaxed)
    firstRefused.min(Int(last), ordering: .relaxed)
  }

  /// The peer has refused a stream.
  func refused(_ stream: HTTP2StreamID) {
    guard isSet else { return }
    firstRefused.min(Int(stream), ordering: .relaxed)
  }

  /// Whether a stream without an answer came after one that was refused because of the GOAWAY.
  func hasRefused(_ stream: HTTP2StreamID) -> Bool {
    firstRefused.load(ordering: .relaxed) < Int(stream)
  }
}
