import FairleadDescriptors
import Testing

/// What JSON that is no message is answered with.
struct EncodingProblemTests {
  @Test(
    "The sentence names the path and what is wrong there",
    arguments: [
      (
        "three.Tree", #"{"naem":1}"#,
        "There is no field \"naem\" in fixtures.three.Tree (is it 'name'?)."
      ),
      ("three.Tree", #"{"zzzzzz":1}"#, "There is no field \"zzzzzz\" in fixtures.three.Tree."),
      (
        "three.Tree", #"{"children":[{},{"left":{"name":5}}]}"#,
        "children[1].left.name: text in quotation marks is wanted, not 5."
      ),
      (
        "three.Maps", #"{"fixed64s":{"7":{"anInt32":3000000000}}}"#,
        "fixed64s[\"7\"].an_int32: a signed integer of 32 bits is wanted, not 3000000000."
      ),
      (
        "three.Maps", #"{"int32s":{"x":""}}"#,
        "int32s[\"x\"]: a signed integer of 32 bits is wanted, not \"x\"."
      ),
      (
        "three.Maps", #"{"int64s":{"1":1,"1.0":2}}"#,
        "int64s[\"1.0\"]: the key is there twice, spelled differently."
      ),
      (
        "three.Lists", #"{"colors":["RED","GREN"]}"#,
        "colors[1]: fixtures.three.Color has no value \"GREN\" (is it 'GREEN'?)."
      ),
      (
        "three.Lists", #"{"strings":["a",null]}"#,
        "strings[1]: null cannot be a value in a list or a map."
      ),
      ("three.Lists", #"{"strings":"a"}"#, "strings: a list is wanted, not \"a\"."),
      (
        "three.Choice", #"{"number":1,"text":""}"#,
        "text: 'number' of the same oneof is set already."
      ),
      (
        "three.Scalars", #"{"anInt32":1,"an_int32":1}"#,
        "an_int32: the field is there twice, by both of its names."
      ),
      (
        "three.Scalars", #"{"someBytes":"a*"}"#,
        "some_bytes: bytes in base64 are wanted, not \"a*\"."
      ),
      ("three.Scalars", #"{"aDouble":1e400}"#, "a_double: a double is wanted, not 1e400."),
      ("three.Scalars", #"{"aDouble":true}"#, "a_double: a double is wanted, not true."),
      ("three.Scalars", "[]", "An object is wanted for fixtures.three.Scalars, not a list."),
      (
        "three.Scalars", "{",
        "The JSON text is wrong at line 1, column 2: a key in quotation marks is wanted here."
      ),
      ("two.Order", #"{"id":"x"}"#, "The required field 'size' is missing."),
      (
        "two.Order", #"{"id":"x","size":1,"line":[{"sku":""},{}]}"#,
        "line[1]: the required field 'sku' is missing."
      ),
      ("two.Order", #"{"id":"x","size":2}"#, "size: fixtures.two.Size has no value 2."),
      (
        "two.Order", #"{"[fixtures.two.Note.note]":{"text":1}}"#,
        "[fixtures.two.Note.note].text: text in quotation marks is wanted, not 1."
      ),
      (
        "two.Note", #"{"[fixtures.two.priority]":1}"#,
        "There is no field \"[fixtures.two.priority]\" in fixtures.two.Note."
      ),
      (
        "three.WellKnown", #"{"timestamp":"yesterday"}"#,
        "timestamp: a time such as 2006-01-02T15:04:05Z is wanted, not \"yesterday\"."
      ),
      (
        "three.WellKnown", #"{"duration":"1.0000000001s"}"#,
        "duration: a duration such as \"1.5s\" is wanted, not \"1.0000000001s\"."
      ),
      (
        "three.WellKnown", #"{"mask":"a_b"}"#,
        "mask: the path 'a_b' of a field mask is not in lowerCamelCase."
      ),
      (
        "three.WellKnown", #"{"any":{"@type":"x/no.Such"}}"#,
        "any: the type \"x/no.Such\" of an Any is not known."
      ),
      ("three.WellKnown", #"{"any":{"a":1}}"#, "any: an Any needs \"@type\", the URL of its type."),
    ])
  func sentences(_ type: String, _ json: String, _ sentence: String) throws {
    let codec = try Fixtures.codec()
    let message = try codec.pool.message(named: "fixtures.\(type)")
    let problem = #expect(throws: CodecProblem.self) {
      try codec.encode(json: Array(json.utf8), as: message)
    }
    #expect(problem?.description == sentence)
  }

  @Test("Messages that nest too deep are refused, whatever the JSON is like")
  func depth() throws {
    let codec = try Fixtures.codec()
    let type = try codec.pool.message(named: "fixtures.three.WellKnown")
    let lists = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
    let problem = #expect(throws: CodecProblem.self) {
      try codec.encode(json: Array("{\"value\":\(lists)}".utf8), as: type)
    }
    #expect(problem?.reason == "messages nest more than 100 deep")
    let flat = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
    let wire = try codec.encode(json: Array("{\"value\":\(flat)}".utf8), as: type)
    #expect(try codec.decode(wire: wire, as: type) == "{\"value\":\(flat)}")
  }

  @Test("JSON that is damaged in any place is a message or a sentence")
  func damaged() throws {
    let codec = try Fixtures.codec()
    var refused = 0
    for one in try Fixtures.cases().enumerated() where one.offset % 20 == 0 {
      guard let text = one.element.json?.text() else { continue }
      let type = try codec.pool.message(named: one.element.type)
      let bytes = Array(text.utf8)
      for place in stride(from: 0, to: bytes.count, by: 3) {
        var damaged = bytes
        damaged[place] ^= UInt8(truncatingIfNeeded: 1 << (place % 8))
        for input in [damaged, Array(bytes[..<place])] {
          do {
            _ = try codec.encode(json: input, as: type)
          } catch {
            refused += 1
          }
        }
      }
    }
    #expect(refused > 1000)
  }
}
