import Testing

@testable import FairleadLoad

@Suite("The body of an answer that is to be one message")
struct ReplyBodyTests {
  private func problem(_ bytes: [UInt8]) -> String? {
    let prefix = bytes.prefix(5).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return ReplyBody(prefix: prefix, length: bytes.count).problem
  }

  @Test("one message, with and without content")
  func whole() {
    #expect(self.problem(LoadRequest.framed([])) == nil)
    #expect(self.problem(LoadRequest.framed([1, 2, 3])) == nil)
    #expect(self.problem(LoadRequest.framed([UInt8](repeating: 7, count: 70_000))) == nil)
  }

  @Test("nothing, too little and too much are told apart")
  func wrong() {
    let message = LoadRequest.framed([1, 2, 3])
    #expect(self.problem([]) == "The server answered OK without a message.")
    for length in 1..<message.count {
      #expect(
        self.problem(Array(message.prefix(length)))
          == "The server answered OK and broke off in its message.")
    }
    for extra in [[0], LoadRequest.framed([]), message] {
      #expect(
        self.problem(message + extra)
          == "The server answered OK with more than the one message that is due.")
    }
  }

  @Test("a message that says it is compressed cannot be read")
  func compressed() {
    #expect(
      self.problem([1, 0, 0, 0, 1, 9]) == "The server answered with a compressed message, unasked.")
  }
}
