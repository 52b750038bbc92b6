import Testing

@testable import FairleadManifests

@Suite("YAML text becomes nodes with their places")
struct YAMLReaderTests {
  private func read(_ text: String, limits: YAMLLimits = YAMLLimits()) -> YAMLReader {
    var reader = YAMLReader(file: "test.yaml", limits: limits)
    reader.read(Array(text.utf8))
    return reader
  }

  @Test("each document of a file is read, with lines counted from the top of the file")
  func documents() throws {
    let reader = read(
      "# head\na: 1\n---\n# only a comment\n---\nb:\n  c: x\n...\n%YAML 1.1\n---\nd: 2\n")
    #expect(reader.findings.isEmpty)
    try #require(reader.documents.count == 3)
    #expect(reader.documents[0].fields?.first?.keyMark == .init(line: 2, column: 1))
    #expect(reader.documents[1]["b"]?["c"]?.mark == .init(line: 7, column: 6))
    #expect(reader.documents[2].fields?.first?.keyMark == .init(line: 11, column: 1))
  }

  @Test("a mistake in one document leaves the others")
  func mistakeInOne() {
    let reader = read("a: 1\n---\nb: [\n---\nc: 3\n")
    #expect(reader.documents.count == 2)
    #expect(reader.findings.map(\.code) == [.syntax])
    #expect(reader.findings.first.map { (3...4).contains($0.origin.line) } == true)
  }

  @Test(
    "a file without content has no documents",
    arguments: ["", "\n", "# x\n", "---\n", "---\n---\n", "~"])
  func empty(text: String) {
    let reader = read(text)
    #expect(reader.documents.isEmpty)
    #expect(reader.findings.isEmpty)
  }

  @Test("a byte order mark, CRLF and JSON are fine")
  func variants() {
    let reader = read("\u{FEFF}a: x\r\nb: y\r\n---\r\n{\"c\": [1, \"2\"]}\r\n")
    #expect(reader.findings.isEmpty)
    #expect(reader.documents.count == 2)
    #expect(reader.documents.first?["b"]?.mark == .init(line: 2, column: 4))
  }

  @Test("quoted scalars and !!str are strings")
  func strings() {
    let reader = read("a: \"1\"\nb: '1'\nc: !!str 1\nd: |\n  1\ne: 1\n")
    for key in ["a", "b", "c", "d"] {
      #expect(reader.documents.first?[key]?.kindInWords == "a string", "\(key)")
    }
    #expect(reader.documents.first?["e"]?.kindInWords == "a number")
  }

  @Test("merge keys bring fields in; own fields and earlier objects have precedence")
  func merge() throws {
    let reader = read(
      """
      base: &base {a: base, b: base, c: base}
      other: &other {b: other, d: other}
      one:
        <<: *base
        a: own
      two:
        <<: [*other, *base]
      """)
    #expect(reader.findings.isEmpty)
    let document = try #require(reader.documents.first)
    func text(_ object: String, _ key: String) -> String? {
      guard case .string(let text)? = document[object]?[key]?.content else { return nil }
      return text
    }
    #expect(text("one", "a") == "own")
    #expect(text("one", "b") == "base")
    #expect(text("two", "b") == "other")
    #expect(text("two", "c") == "base")
    #expect(text("two", "d") == "other")
  }

  @Test("a merge key that names no object is refused", arguments: ["<<: 1", "<<: [1]"])
  func badMerge(text: String) {
    #expect(read(text).findings.map(\.code) == [.syntax])
  }

  @Test("a key that is there twice is an error with its line")
  func duplicateKeys() {
    let reader = read("a: 1\n---\nx: 1\nb:\n  c: 1\n  c: 2\n")
    #expect(reader.findings.map(\.code) == [.duplicateKey])
    #expect(reader.findings.first?.origin.line == 5)
    #expect(reader.findings.first?.message.contains("`c`") == true)
  }

  @Test("a quoted and an unquoted key of one name are the same key")
  func duplicateQuotedKey() {
    #expect(read("{a: 1, \"a\": 2}").findings.map(\.code) == [.duplicateKey])
  }

  @Test("tabs, broken structure and unknown aliases are errors with their line")
  func syntax() {
    let tab = read("a:\n  b: 1\n\tc: 2\n").findings
    #expect(tab.first?.origin.line == 3)
    #expect(tab.first?.message.contains("tab") == true)
    #expect(read("a: 1\nb: *nobody\n").findings.first?.origin.line == 2)
    #expect(read("a: 'open\n").findings.map(\.code) == [.syntax])
    #expect(read("a: b: c\n").findings.map(\.code) == [.syntax])
    #expect(read("? [x]\n: y\n").findings.map(\.code) == [.syntax])
  }
}
