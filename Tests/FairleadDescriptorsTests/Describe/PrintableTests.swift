import FairleadDescriptors
import Testing

struct PrintableTests {
  @Test("What moves a cursor or turns the direction is escaped")
  func escapes() {
    #expect("a\u{1B}[2J\u{7F}\u{9B}b".printable == #"a\u{1b}[2J\u{7f}\u{9b}b"#)
    #expect("x\u{202E}y\u{200B}z\n".printable == #"x\u{202e}y\u{200b}z\u{a}"#)
    #expect("größe 日本 🎉 1\u{A0}€".printable == "größe 日本 🎉 1\u{A0}€")
    // A soft hyphen, a Mongolian vowel separator, a tag, and what has no meaning at all.
    #expect("\u{AD}\u{180E}\u{E0061}\u{E000}".printable == #"\u{ad}\u{180e}\u{e0061}\u{e000}"#)
  }

  @Test("Lines may be kept, a return to their beginning not")
  func lines() {
    #expect("a\n\tb\rc".printable(keepingLines: true) == "a\n\tb\\u{d}c")
  }

  @Test("JSON has no control character, of one byte or of two")
  func json() {
    #expect(
      JSONValue.string("\u{1B}\u{80}\u{9F}\u{A0}é\u{C2}").text()
        == "\"\\u001b\\u0080\\u009f\u{A0}é\u{C2}\"")
  }
}
