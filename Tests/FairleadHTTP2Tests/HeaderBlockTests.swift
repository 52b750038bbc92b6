import Testing

@testable import FairleadHTTP2

@Suite("A header block")
struct HeaderBlockTests {
  private let block = HeaderBlock([
    (":status", "200"), ("content-type", "application/grpc+proto"), ("x-a", "1"), ("x-a", ""),
    ("grpc-status", "14"),
  ])

  @Test("keeps names and values in their order")
  func order() {
    #expect(block.count == 5)
    #expect(
      (0..<5).map(block.name(at:)) == [":status", "content-type", "x-a", "x-a", "grpc-status"])
    #expect(
      (0..<5).map(block.value(at:)) == ["200", "application/grpc+proto", "1", "", "14"])
    #expect(!block.isEmpty)
    #expect(HeaderBlock().isEmpty)
  }

  @Test("finds the first field of a name")
  func find() {
    let twice = HeaderBlock([("host", "a"), ("host", "b")])
    #expect(twice.firstIndex(of: .host) == 0)
    #expect(twice[.host] == "a")
    #expect(block[.grpcStatus] == "14")
    #expect(block[.grpcMessage] == nil)
  }

  @Test("counts its size as SETTINGS_MAX_HEADER_LIST_SIZE does")
  func listSize() {
    #expect(HeaderBlock().listSize == 0)
    #expect(HeaderBlock([("ab", "cde"), ("f", "")]).listSize == 2 + 3 + 32 + 1 + 32)
  }

  @Test("compares values without making strings of them")
  func compare() {
    #expect(block.value(at: 1, hasPrefix: "application/grpc"))
    #expect(block.value(at: 1, hasPrefix: "application/grpc+proto"))
    #expect(!block.value(at: 1, hasPrefix: "application/grpc+proto2"))
    #expect(!block.value(at: 1, hasPrefix: "application/json"))
    #expect(block.value(at: 0, equals: Array("200".utf8)))
    #expect(!block.value(at: 0, equals: Array("20".utf8)))
    #expect(!block.value(at: 0, equals: Array("201".utf8)))
    #expect(block.value(at: 3, equals: []))
  }

  @Test(
    "reads decimal values of up to six digits",
    arguments: [
      ("0", 0), ("200", 200), ("007", 7), ("999999", 999_999), ("1000000", nil), ("", nil),
      ("-1", nil), ("+1", nil), ("1 ", nil), ("1a", nil), ("٣", nil),
    ] as [(String, Int?)])
  func decimal(text: String, expected: Int?) {
    #expect(HeaderBlock([("grpc-status", text)]).decimal(at: 0) == expected)
  }

  @Test("replaces one value and leaves the others", arguments: ["", "5", "a much longer value"])
  func replace(value: String) {
    var changed = block
    changed.replaceValue(at: 2, with: value)
    #expect(
      (0..<5).map(changed.value(at:)) == ["200", "application/grpc+proto", value, "", "14"])
    #expect(changed.listSize == self.block.listSize - 1 + value.utf8.count)
    #expect(block.value(at: 2) == "1")
  }

  @Test("makes text of bytes that are not UTF-8")
  func notUTF8() {
    var block = HeaderBlock()
    [UInt8](arrayLiteral: 0x78).withUnsafeBufferPointer { name in
      [UInt8](arrayLiteral: 0xFF, 0x41).withUnsafeBufferPointer { value in
        block.append(name: name, value: value, isSensitive: true)
      }
    }
    #expect(block.value(at: 0) == "\u{FFFD}A")
    #expect(Array(block.valueBytes(at: 0)) == [0xFF, 0x41])
  }

  @Test("is empty again after everything was removed")
  func removeAll() {
    var block = block
    block.removeAll()
    #expect(block.isEmpty)
    #expect(block.listSize == 0)
    block.append(name: "host", value: "b")
    #expect(block[.host] == "b")
  }
}
