import FairleadBalancing
import GRPCCore
import NIOHTTP2

/// What tells a call that its stream was never processed by the server: a reset whose error code is
/// one of our own, drawn at random, which grpc-swift puts into the message of the status (gRFC A6).
///
/// grpc-swift gives every reset the same status code, and the place where resets can be told apart
/// knows nothing of calls; so it is the reset that carries it.
struct UnprocessedMark: Sendable {
  /// How it is known.
  enum Reason: Sendable, Hashable, CaseIterable {
    /// The server's transport had it, and refused it: the call may be begun anew once.
    case refused
    /// It was never sent.
    case unsent
  }

  private let refused: Code
  private let unsent: Code

  private struct Code: Sendable {
    let code: HTTP2ErrorCode
    let text: String

    init(_ number: Int) {
      code = HTTP2ErrorCode(networkCode: number)
      text = "0x" + String(number, radix: 16)
    }
  }

  init(random: RandomSource) {
    // RFC 9113 and its registry use the lowest numbers only.
    let number = Int(random.next() >> 33) | 0x8000_0000
    refused = Code(number)
    unsent = Code(number ^ 1)
  }

  func code(_ reason: Reason) -> HTTP2ErrorCode {
    switch reason {
    case .refused: refused.code
    case .unsent: unsent.code
    }
  }

  /// Why the stream that a status comes from was not processed; `nil` if it may have been.
  func reason(of status: Status) -> Reason? {
    guard status.code == .unavailable else { return nil }
    if status.message.contains(refused.text) { return .refused }
    return status.message.contains(unsent.text) ? .unsent : nil
  }
}
