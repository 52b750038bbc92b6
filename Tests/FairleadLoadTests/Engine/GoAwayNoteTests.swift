import Testing

@testable import FairleadLoad

struct GoAwayNoteTests {
  @Test("a code, and a text that is fit for a sentence")
  func texts() {
    #expect(GoAwayNote(.noError, text: []).description == "GOAWAY (NO_ERROR)")
    #expect(
      GoAwayNote(.init(rawValue: 77), text: Array("bye\n".utf8)).description
        == #"GOAWAY (error 77, "bye\u{a}")"#)
    let long = GoAwayNote(.internalError, text: Array(repeating: 0xFF, count: 256)).description
    #expect(long.count < 140)
    #expect(long.hasSuffix("…\")"))
  }
}
