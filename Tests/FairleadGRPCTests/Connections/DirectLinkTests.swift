import FairleadBalancing
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Testing

@testable import FairleadGRPC

@Suite("Words for a call that its connection ended")
struct DirectLinkTests {
  private let mark = UnprocessedMark(random: RandomSource(seed: 1))

  /// What is said about an error; `lost` tells why the connection ended.
  private func words(
    _ message: String, code: RPCError.Code = .unavailable, lost: String? = nil
  ) -> String {
    let loss = ConnectionLoss()
    loss.note(.settings(limit: 1))
    if let lost {
      loss.note(.lost(reason: lost, isLasting: false))
      loss.note(.lost(reason: "something later", isLasting: false))
    }
    let explained = DirectLink.explained(
      RPCError(code: code, message: message), mark: mark, loss: loss)
    #expect(explained.code == code)
    return explained.message
  }

  private func reset(_ reason: UnprocessedMark.Reason) -> String {
    let number = String(mark.code(reason).networkCode, radix: 16)
    return "Stream unexpectedly closed: received RST_STREAM frame (0x\(number): unknown error)."
  }

  @Test("name what happened to the connection")
  func lost() {
    let goAway = "the server said GOAWAY (ENHANCE_YOUR_CALM)"
    for message in [reset(.refused), reset(.unsent), "Stream unexpectedly closed with error."] {
      #expect(words(message, lost: goAway) == goAway)
    }
  }

  @Test("never show the mark that only we know")
  func marked() {
    #expect(
      words(reset(.refused)) == "the server refused the call before it was processed")
    #expect(words(reset(.unsent)) == "the connection ended before the call was sent")
  }

  @Test("tell a stream that was reset, and a loss without a reason")
  func unexplained() {
    let reset = "Stream unexpectedly closed: received RST_STREAM frame (0x2: internal error)."
    #expect(words(reset) == "the server reset the stream (INTERNAL_ERROR)")
    #expect(words("Stream unexpectedly closed.") == "the connection was lost")
  }

  @Test("leave what the server says with a status")
  func others() {
    #expect(words("no pods", lost: "the connection was closed") == "no pods")
    #expect(
      words("Stream unexpectedly closed.", code: .internalError, lost: "x")
        == "Stream unexpectedly closed.")
  }
}
