import Testing

@testable import fairlead

struct GrpcurlFlagsTests {
  @Test("grpcurl's flags may have one dash")
  func dashes() {
    #expect(
      GrpcurlFlags.normalised([
        "call", "-plaintext", "-max-time=5", "-servername", "x", "--cacert", "-v", "-d", "{}",
        "a:1", "list",
      ]) == [
        "call", "--plaintext", "--max-time=5", "--server-name", "x", "--cacert", "-v", "-d", "{}",
        "a:1", "list",
      ])
  }

  @Test("Other commands and other words stay as they are")
  func others() {
    for words in [["greet", "-plaintext"], ["call", "-dx", "---plaintext", "--", "-plaintext"]] {
      #expect(GrpcurlFlags.normalised(words) == words)
    }
  }
}
