import FairleadDescriptors
import Testing

/// What bytes that are no message are answered with.
struct DecodingProblemTests {
  @Test(
    "The sentence names the path and what is wrong there",
    arguments: [
      ("three.Tree", "0a05616263", "name: a part of 5 bytes begins at byte 2, but only 3 follow."),
      (
        "three.Tree", "0affffffffffffffffff01",
        "name: a part of 18446744073709551615 bytes begins at byte 11, but only 0 follow."
      ),
      ("three.Tree", "0a01ff", "name: the string is not valid UTF-8."),
      (
        "three.Tree", "1a001a03120a09",
        "children[1].left: a part of 10 bytes begins at byte 6, but only 1 follow."
      ),
      (
        "three.Tree", "1a021202",
        "children[0].left: a part of 2 bytes begins at byte 4, but only 0 follow."
      ),
      (
        "three.Tree", "20ffffffffffffffffffff01",
        "weight_in_grams: the varint that ends at byte 11 is longer than ten bytes."
      ),
      ("three.Tree", "2080", "weight_in_grams: the message is cut off at byte 2."),
      ("three.Tree", "00", "The bytes at 0 are no tag of a field."),
      ("three.Tree", "0f", "The tag at byte 0 has the wire type 7, which none has."),
      ("three.Tree", "ffffffffff7f", "The bytes at 0 are no tag of a field."),
      ("three.Tree", "a401", "The group 20 ends at byte 2 without a beginning."),
      ("three.Tree", "a301", "The group 20 has no end."),
      ("three.Tree", "a301ac01", "The group 21 ends at byte 4 without a beginning."),
      ("two.Order", "6b", "address: the group has no end."),
      ("two.Order", "6b74", "address: the group 14 ends at byte 2 without a beginning."),
      ("three.Scalars", "0900", "a_double: the message is cut off at byte 2."),
      ("three.Lists", "0a0900000000000000000000", "doubles: the message is cut off at byte 11."),
      (
        "three.WellKnown", "1a0a08ffffffffffffffff7f",
        "duration: 9223372036854775807 seconds and 0 nanoseconds is no valid duration."
      ),
      (
        "three.WellKnown", "120a08ffffffffffffffff7f",
        "timestamp: 9223372036854775807 seconds and 0 nanoseconds is not in the years 1 to 9999."
      ),
      (
        "three.WellKnown", "22040a02415f",
        "mask: the path \"A_\" of a field mask has no form in lowerCamelCase."
      ),
      ("three.WellKnown", "320911000000000000f87f", "value: a Value cannot be nan in JSON."),
      ("three.WellKnown", "0a050a03782f79", "any: the type \"x/y\" of an Any is not known."),
    ])
  func sentences(_ type: String, _ hex: String, _ sentence: String) throws {
    let codec = try Fixtures.codec()
    let message = try codec.pool.message(named: "fixtures.\(type)")
    let problem = #expect(throws: CodecProblem.self) {
      try codec.decode(wire: FixtureCase.bytes(hex: hex), as: message)
    }
    #expect(problem?.description == sentence)
  }

  @Test("Messages, groups, unknown groups and Anys nest a hundred deep at most")
  func depth() throws {
    let codec = try Fixtures.codec()
    func nested(_ depth: Int, _ wrap: ([UInt8]) -> [UInt8]) -> [UInt8] {
      (1..<depth).reduce([]) { wire, _ in wrap(wire) }
    }
    func varint(_ value: Int) -> [UInt8] {
      value < 128
        ? [UInt8(value)]
        : [UInt8(value & 127 | 128)] + varint(value >> 7)
    }
    let url = Array("x/fixtures.three.WellKnown".utf8)
    let wraps: [(String, ([UInt8]) -> [UInt8])] = [
      ("fixtures.three.Tree", { [0x12] + varint($0.count) + $0 }),
      ("fixtures.edition.Whole", { [0x5B] + $0 + [0x5C] }),
      ("fixtures.three.Tree", { [0xA3, 0x01] + $0 + [0xA4, 0x01] }),
      (
        "fixtures.three.WellKnown",
        { inner in
          let any = [0x0A, UInt8(url.count)] + url + [0x12] + varint(inner.count) + inner
          return [0x0A] + varint(any.count) + any
        }
      ),
    ]
    for (index, (name, wrap)) in wraps.enumerated() {
      let type = try codec.pool.message(named: name)
      // An Any is a level of its own.
      let deepest = index == 3 ? 50 : 100
      #expect(throws: Never.self, "\(index)") {
        try codec.decode(wire: nested(deepest, wrap), as: type)
      }
      let problem = #expect(throws: CodecProblem.self, "\(index)") {
        try codec.decode(wire: nested(deepest + 1, wrap), as: type)
      }
      #expect(problem?.reason == "messages nest more than 100 deep", "\(index)")
      #expect(throws: CodecProblem.self, "\(index)") {
        try codec.decode(wire: nested(2000, wrap), as: type)
      }
    }
  }

  @Test("A message that is cut anywhere is read or refused")
  func truncated() throws {
    let codec = try Fixtures.codec()
    var refused = 0
    for one in try Fixtures.cases().enumerated() where one.offset % 10 == 0 {
      guard let wire = one.element.wire else { continue }
      let type = try codec.pool.message(named: one.element.type)
      var options = JSONOptions()
      options.showsUnknown = true
      options.showsUnknownTypes = true
      for end in wire.indices {
        do {
          _ = try codec.decode(wire: Array(wire[..<end]), as: type, options: options)
        } catch {
          refused += 1
        }
      }
    }
    #expect(refused > 1000)
  }

  @Test("Pieces of one field by the hundred thousand are put together in linear time")
  func manyPieces() throws {
    let codec = try Fixtures.codec()
    let count = 100_000
    func wire(_ piece: [UInt8]) -> [UInt8] { (0..<count).flatMap { _ in piece } }
    let tree = try codec.pool.message(named: "fixtures.three.Tree")
    // A child for `left`, again and again.
    #expect(
      try codec.decode(wire: wire([0x12, 2, 0x1A, 0]), as: tree).utf8.count == count * 3 + 23)
    let choice = try codec.pool.message(named: "fixtures.three.Choice")
    // One member of the oneof after the other.
    #expect(try codec.decode(wire: wire([0x08, 1, 0x18, 1]), as: choice) == #"{"flag":true}"#)
    let maps = try codec.pool.message(named: "fixtures.three.Maps")
    #expect(
      try codec.decode(wire: wire([0x0A, 5, 8, 1, 0x12, 1, 0x61]), as: maps)
        == #"{"int32s":{"1":"a"}}"#)
  }
}
