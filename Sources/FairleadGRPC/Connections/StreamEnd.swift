import GRPCCore
import NIOHTTP2

/// What ended the stream of a call to which no server has given a status.
///
/// grpc-swift tells it by its messages alone, as a status of its own. A server may say the same words, of a server behind it: they are
/// taken for grpc-swift's only where they are all that there is.
enum StreamEnd: Sendable, Hashable {
  /// The stream alone was reset, with this code (RFC 9113, section 7).
  case reset(HTTP2ErrorCode)
  /// The connection ended, or there was none any more.
  case lost

  /// `nil` for what a server says.
  init?(_ error: RPCError) {
    guard error.code == .unavailable, error.metadata.isEmpty else { return nil }
    if let code = Self.resetCode(in: error.message) {
      self = .reset(code)
    } else if Self.losses.contains(error.message) || error.message.hasPrefix(Self.noStream) {
      self = .lost
    } else {
      return nil
    }
  }

  private static let losses: Set = [
    "Stream unexpectedly closed.", "Stream unexpectedly closed with error.",
    "The channel was closed", "Transport is shut down.", "Transport is shutting down.",
    "subchannel isn't ready", "Channel isn't ready, no subchannel available.",
  ]
  /// Its cause follows, if that has words.
  private static let noStream = "subchannel is unavailable"

  private static let reset = "Stream unexpectedly closed: received RST_STREAM frame (0x"

  private static func resetCode(in message: String) -> HTTP2ErrorCode? {
    guard message.hasPrefix(reset), message.hasSuffix(").") else { return nil }
    let digits = message.dropFirst(reset.count).prefix { $0 != ":" }
    return UInt32(digits, radix: 16).map { HTTP2ErrorCode(networkCode: Int($0)) }
  }
}
