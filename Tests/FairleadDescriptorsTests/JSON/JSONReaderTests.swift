import FairleadDescriptors
import Testing

struct JSONReaderTests {
  @Test("Values keep the order of keys and the digits of numbers")
  func values() throws {
    let text =
      #"{"b":9007199254740993,"a":[1.10,-0,1E+2,true,false,null,"\u00e9\ud83d\ude00\n"],"c":{}}"#
    let value = try self.read(text)
    #expect(
      value
        == .object([
          .init("b", .number("9007199254740993")),
          .init(
            "a",
            .array([
              .number("1.10"), .number("-0"), .number("1E+2"), .bool(true), .bool(false), .null,
              .string("é😀\n"),
            ])),
          .init("c", .object([])),
        ]))
  }

  @Test("Text that is written is read again as the same")
  func roundTrip() throws {
    let value = try self.read(#"{"a":[1,{"x":"\"\\\u0000\u001f\u007f/é"}],"b":{},"c":[]}"#)
    #expect(try self.read(value.text()) == value)
    #expect(try self.read(value.text(indentation: 2)) == value)
    #expect(
      try self.read(#"{"a":[1],"b":{},"c":"x"}"#).text(indentation: 2) == """
        {
          "a": [
            1
          ],
          "b": {},
          "c": "x"
        }
        """)
  }

  @Test("What a terminal obeys or hides is written by its number")
  func unprintable() throws {
    let text = "a\u{1b}\u{7f}\u{9b}\u{ad}é\u{a0}ü\u{202e}\u{2028}\u{feff}\u{e0041}😀\"\\\n"
    let written = JSONValue.string(text).text()
    #expect(
      written
        == #""a\u001b\u007f\u009b\u00ad"# + "é\u{a0}ü"
        + #"\u202e\u2028\ufeff\udb40\udc41"# + "😀" + #"\"\\\n""#)
    #expect(try self.read(written) == .string(text))
  }

  @Test("Several values follow each other")
  func several() throws {
    var reader = JSONReader(Array("{} 1\n\"x\"[]".utf8))
    var texts: [String] = []
    while let value = try reader.next() {
      texts.append(value.text())
    }
    #expect(texts == ["{}", "1", "\"x\"", "[]"])
  }

  @Test(
    "What is wrong is told with its place",
    arguments: [
      ("", "The JSON text is empty."),
      ("{", "The JSON text is wrong at line 1, column 2: a key in quotation marks is wanted here."),
      ("{\n  \"é\": x}", "The JSON text is wrong at line 2, column 8: a value is wanted here."),
      ("[1,]", "The JSON text is wrong at line 1, column 4: a value is wanted here."),
      (
        "[1 2]",
        "The JSON text is wrong at line 1, column 4: a comma or a closing bracket is wanted here."
      ),
      (
        "{\"a\":1,\"a\":2}",
        "The JSON text is wrong at line 1, column 8: the key \"a\" is there twice."
      ),
      ("01", "The JSON text is wrong at line 1, column 1: this is no number."),
      (
        "\"\\ud800\"",
        "The JSON text is wrong at line 1, column 8: half of a surrogate pair stands alone."
      ),
      ("\"a", "The JSON text is wrong at line 1, column 3: the text ends in a string."),
      (
        "\"\t\"",
        "The JSON text is wrong at line 1, column 2: a control character in a string must be escaped."
      ),
      ("1 2", "The JSON text is wrong at line 1, column 3: something follows the value."),
    ])
  func problems(_ text: String, _ sentence: String) {
    let problem = #expect(throws: JSONProblem.self) { try self.read(text) }
    #expect(problem?.description == sentence)
  }

  @Test("Keys that look alike are different keys, and bytes must be UTF-8")
  func bytes() throws {
    guard case .object(let members) = try self.read("{\"\u{E9}\":1,\"e\u{301}\":2}") else {
      Issue.record("no object")
      return
    }
    #expect(members.count == 2)
    #expect(throws: JSONProblem.self) { try JSONReader.value(of: [0x22, 0xFF, 0x22]) }
    #expect(throws: JSONProblem.self) { try JSONReader.value(of: [0x22, 0xED, 0xA0, 0x80, 0x22]) }
  }

  @Test("Nesting ends at a hundred")
  func depth() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(try self.read(nested(100)) != .null)
    #expect(throws: JSONProblem.self) { try self.read(nested(101)) }
    #expect(throws: JSONProblem.self) {
      try self.read(String(repeating: "[{\"a\":", count: 100_000))
    }
  }

  private func read(_ text: String) throws(JSONProblem) -> JSONValue {
    try JSONReader.value(of: Array(text.utf8))
  }
}
