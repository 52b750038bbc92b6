import FairleadCalls
import GRPCCore
import Testing

@testable import fairlead

struct FailureWordsTests {
  private let words = FailureWords(server: "a:1")

  private func sentence(_ message: String, peer: String? = nil) -> String? {
    self.words.failure(of: CallEnd(code: .unavailable, message: message, peer: peer))?.description
  }

  @Test("A server that is not reached is one sentence about it")
  func sentences() {
    #expect(
      self.sentence("No endpoint can be reached; the last error: a:1: connection refused")
        == "Cannot connect to a:1: connection refused.")
    #expect(
      self.sentence(
        "No endpoint can be reached; the last error: The server a:1 does not speak TLS; "
          + "use plaintext, or check the port.")
        == "The server a:1 does not speak TLS; give --plaintext, or check the port.")
    #expect(
      self.sentence("The target has no endpoints. There is no name a.") == "There is no name a.")
    #expect(
      self.sentence("The target has no endpoints.")
        == "a:1 has no endpoints; check its spelling.")
  }

  @Test("What a server says is no failure to reach it")
  func reached() {
    #expect(self.sentence("busy", peer: "a:1") == nil)
    #expect(self.words.failure(of: CallEnd(code: .deadlineExceeded)) == nil)
    #expect(self.words.failure(of: CallEnd(code: .ok)) == nil)
  }
}
