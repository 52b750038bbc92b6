import FairleadBalancing
import GRPCCore
import NIOHTTP2

/// What tells a call that its stream was never processed by the server: a reset whose error code is
/// one of our own, drawn at random, which grpc-swift puts into the message of the status (gRFC A6).
///
/// grpc-swift gives every reset the same status code, and the place where resets can be told apart
/// knows nothing of calls; so it is the reset that carries it.
struct UnprocessedMark: Sendable {
  let code: HTTP2ErrorCode
  private let text: String

  /// The status that a caller sees if the call cannot be begun anew.
  static let status = Status(
    code: .unavailable, message: "The server refused the stream before it was processed.")

  init(random: RandomSource) {
    // RFC 9113 and its registry use the lowest numbers only.
    let number = Int(random.next() >> 33) | 0x8000_0000
    code = HTTP2ErrorCode(networkCode: number)
    text = "0x" + String(number, radix: 16)
  }

  /// Whether it is this mark that a status comes from.
  func marks(_ status: Status) -> Bool {
    status.code == .unavailable && status.message.contains(text)
  }
}
