import Testing

@testable import FairleadManifests

@Suite("JSON values")
struct ManifestNodeJSONTests {
  private func read(_ text: String) throws -> ManifestNode {
    try ManifestNode(json: Array(text.utf8))
  }

  /// A value in words that tell its type.
  private func words(_ node: ManifestNode) -> String {
    switch node.content {
    case .null: "null"
    case .bool(let flag): "bool \(flag)"
    case .int(let number): "int \(number)"
    case .float(let number): "float \(number)"
    case .string(let text): "string \(text)"
    case .sequence(let items): "[" + items.map(words).joined(separator: ", ") + "]"
    case .mapping(let fields):
      "{"
        + fields.sorted { $0.key < $1.key }.map { "\($0.key): \(words($0.value))" }
        .joined(separator: ", ") + "}"
    }
  }

  @Test(
    "keep their types: a boolean is no number, and a fraction no whole number",
    arguments: [
      ("true", "bool true"), ("false", "bool false"), ("1", "int 1"), ("0", "int 0"),
      ("-7", "int -7"), ("1.0", "float 1.0"), ("1.5", "float 1.5"), ("1e3", "float 1000.0"),
      ("9007199254740993", "int 9007199254740993"), ("9223372036854775807", "int \(Int.max)"),
      ("18446744073709551615", "float 1.8446744073709552e+19"), ("null", "null"),
      ("\"true\"", "string true"), ("\"\\u00e9\\ud83d\\ude00\\n\"", "string é😀\n"),
      ("[]", "[]"), ("{}", "{}"), (" [1, true, \"\"] ", "[int 1, bool true, string ]"),
      ("{\"a\": {\"b\": null}, \"c\": [{}]}", "{a: {b: null}, c: [{}]}"),
    ])
  func types(text: String, expected: String) throws {
    #expect(words(try read(text)) == expected)
  }

  @Test("have no place in a file")
  func marks() throws {
    let node = try read("{\"a\": [1]}")
    #expect(node.mark == .none)
    #expect(node.fields?.first?.keyMark == ManifestNode.Mark.none)
    #expect(node["a"]?.mark == ManifestNode.Mark.none)
  }

  @Test("of a key that is there twice are one")
  func duplicateKeys() throws {
    #expect(try read("{\"a\": 1, \"a\": 2}").fields?.count == 1)
  }

  @Test(
    "that are none are refused in a sentence",
    arguments: [
      "", " ", "{", "[1", "{\"a\"}", "{\"a\": }", "tru", "nul", "01", "1.", "+1", "1e400",
      "'a'", "{a: 1}", "\"\\ud800\"", "\"a\nb\"", "[1] 2", "{} {}", "]", "\u{0}", "NaN", "//",
    ])
  func invalid(text: String) {
    let problem = #expect(throws: JSONProblem.self) { try read(text) }
    #expect(problem?.description.hasPrefix("The bytes are not valid JSON: ") == true)
    #expect(problem?.description.hasSuffix(".") == true)
  }

  @Test("that are not UTF-8 are refused")
  func invalidUTF8() {
    #expect(throws: JSONProblem.self) { try ManifestNode(json: [0x22, 0xFF, 0x22]) }
  }

  @Test("may nest as deep as the limit and no deeper, whatever strings hold")
  func depth() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try read(nested(100))
    #expect(throws: JSONProblem("The JSON text nests lists and objects more than 100 deep.")) {
      try read(nested(101))
    }
    #expect(throws: JSONProblem.self) { try read(String(repeating: "{\"a\":", count: 1_000_000)) }
    #expect(throws: JSONProblem.self) { try read(String(repeating: "[", count: 1_000_000)) }
    let text = String(repeating: "[{\\\"", count: 1000)
    #expect(try read("\"\(text)\"").text?.utf8.count == 3000)
  }

  @Test("above the limit of bytes are refused")
  func size() {
    var limits = JSONLimits()
    limits.size = 4
    #expect(throws: JSONProblem("The JSON text has 5 bytes; at most 4 are read.")) {
      try ManifestNode(json: Array("12345".utf8), limits: limits)
    }
  }

  @Test("damaged at any byte are read or refused, and nothing else")
  func damaged() {
    let text = Array("{\"a\": [1, -2.5e1, true, null, \"x\\u00e9\\n\"], \"b\": {}}".utf8)
    var refused = 0
    for index in text.indices {
      for byte: UInt8 in [0, 0x22, 0x5B, 0x5C, 0x7B, 0x7D, 0xC3, 0xFF] {
        var bytes = text
        bytes[index] = byte
        if (try? ManifestNode(json: bytes)) == nil { refused += 1 }
      }
      if (try? ManifestNode(json: Array(text.prefix(index)))) == nil { refused += 1 }
    }
    #expect(refused > text.count)
  }
}
