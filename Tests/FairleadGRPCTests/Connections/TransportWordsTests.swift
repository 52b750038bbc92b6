import GRPCCore
import Testing

@testable import FairleadGRPC

@Suite("Words for a call that no server has answered")
struct TransportWordsTests {
  private func words(
    _ message: String, code: RPCError.Code = .unavailable, metadata: Metadata = [:],
    received: Int = 0
  ) -> String {
    TransportWords.plain(
      RPCError(code: code, message: message, metadata: metadata), received: received)
  }

  private func reset(_ code: String) -> String {
    "Stream unexpectedly closed: received RST_STREAM frame (\(code))."
  }

  @Test("tell a lost connection")
  func lost() {
    for message in [
      "Stream unexpectedly closed.", "Stream unexpectedly closed with error.",
      "subchannel is unavailable", "Channel isn't ready, no subchannel available.",
      "Transport is shut down.",
    ] {
      #expect(words(message) == "The connection was lost before the call was answered.")
      #expect(words(message, received: 1) == "The connection was lost before the call ended.")
    }
  }

  @Test("tell a stream that the server reset, with its code")
  func reset() {
    #expect(words(reset("0x2: internal error")) == "The server reset the stream (INTERNAL_ERROR).")
    #expect(
      words(reset("0xb: enhance your calm"), received: 3)
        == "The server reset the stream (ENHANCE_YOUR_CALM).")
    #expect(words(reset("0xff: unknown error")) == "The server reset the stream (error 255).")
  }

  @Test("leave what a server says")
  func others() {
    let lost = "Stream unexpectedly closed."
    #expect(words(lost, metadata: ["content-type": "application/grpc"]) == lost)
    #expect(words(lost, code: .aborted) == lost)
    for message in [
      "Channel isn't ready: no pods", "Stream unexpectedly closed by the pod.", "busy",
      reset("0x100000000: unknown error"), reset("internal error"), reset("0x-2: x"),
    ] {
      #expect(words(message) == message)
    }
  }
}
