import Testing

@testable import fairlead

@Suite("Text of peers")
struct PeerTextTests {
  @Test(
    "What could move a cursor, turn the line or break it is escaped",
    arguments: [
      ("pod-1", "pod-1"), ("\u{1B}[31mred", #"\u{1b}[31mred"#), ("a\r\nb", #"a\u{d}\u{a}b"#),
      ("\u{202E}evil", #"\u{202e}evil"#), ("a\u{2028}b", #"a\u{2028}b"#), ("\0", #"\u{0}"#),
      ("a\u{A0}b", "a\u{A0}b"), ("\u{7F}\u{9B}", #"\u{7f}\u{9b}"#), ("", ""),
      ("größer 猫", "größer 猫"),
    ])
  func escapes(text: String, shown: String) {
    #expect(PeerText.line(text) == shown)
  }

  @Test("What is too long is cut, and says so")
  func limit() {
    #expect(PeerText.line("abcdef", limit: 6) == "abcdef")
    #expect(PeerText.line("abcdefg", limit: 6) == "abcdef…")
    // One character of a thousand scalars is a thousand.
    let heap = "e" + String(repeating: "\u{301}", count: 1000)
    #expect(PeerText.line(heap, limit: 10).unicodeScalars.count == 11)
  }

  @Test("Where there is little room, a name's end is kept")
  func end() {
    #expect(PeerText.end(of: "greeter-7d4b9c-x2x4z", limit: 8) == "…c-x2x4z")
    #expect(PeerText.end(of: "greeter", limit: 7) == "greeter")
  }

  @Test("A name that is empty shows")
  func empty() {
    #expect(PeerText.name("") == "(empty)")
    #expect(PeerText.name(String(repeating: "x", count: 41)).count == 41)
    #expect(PeerText.name("pod-of-the-set-17", limit: 9) == "pod…set-17")
    #expect(PeerText.name("a\n-of-the-set-\u{1B}", limit: 6) == #"a\u{a}…et-\u{1b}"#)
  }
}
