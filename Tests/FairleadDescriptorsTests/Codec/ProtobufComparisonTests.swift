import FairleadDescriptors
import Testing

/// Every case of the fixtures, against what protobuf's own implementation answered.
struct ProtobufComparisonTests {
  @Test("Messages on the wire are shown as protobuf shows them")
  func wireToJSON() throws {
    let codec = try Fixtures.codec()
    var count = 0
    for one in try Fixtures.cases() {
      guard let wire = one.wire, let expected = one.json else { continue }
      let type = try codec.pool.message(named: one.type)
      do {
        let text = try codec.decode(wire: wire, as: type)
        let value = try JSONReader.value(of: Array(text.utf8))
        #expect(value.normalized == expected.normalized, "\(one.type) \(FixtureCase.hex(wire))")
      } catch {
        Issue.record("\(one.type) \(FixtureCase.hex(wire)): \(error)")
      }
      count += 1
    }
    #expect(count > 600)
  }

  @Test("Names of the .proto file and empty fields are shown as protobuf shows them")
  func options() throws {
    let codec = try Fixtures.codec()
    var count = 0
    for one in try Fixtures.cases() {
      guard let wire = one.wire else { continue }
      let type = try codec.pool.message(named: one.type)
      if let expected = one.names {
        var options = JSONOptions()
        options.keepsProtoNames = true
        let value = try codec.value(wire: wire, as: type, options: options)
        #expect(value.normalized == expected.normalized, "\(one.type) \(FixtureCase.hex(wire))")
        count += 1
      }
      if let expected = one.defaults {
        var options = JSONOptions()
        options.printsDefaults = true
        let value = try codec.value(wire: wire, as: type, options: options)
        #expect(value.normalized == expected.normalized, "\(one.type) \(FixtureCase.hex(wire))")
        count += 1
      }
    }
    #expect(count > 200)
  }

  @Test("JSON becomes the bytes that protobuf makes of it")
  func jsonToWire() throws {
    let codec = try Fixtures.codec()
    var count = 0
    for one in try Fixtures.cases() {
      guard let canonical = one.canonical else { continue }
      let type = try codec.pool.message(named: one.type)
      let text = try #require(one.input ?? one.json?.text())
      do {
        let wire = try codec.encode(json: Array(text.utf8), as: type)
        #expect(FixtureCase.hex(wire) == FixtureCase.hex(canonical), "\(one.type) \(text)")
      } catch {
        Issue.record("\(one.type) \(text): \(error)")
      }
      count += 1
    }
    #expect(count > 800)
  }

  @Test("What protobuf refuses is refused, with a sentence")
  func rejections() throws {
    let codec = try Fixtures.codec()
    var count = 0
    for one in try Fixtures.cases() where one.isRejected {
      let type = try codec.pool.message(named: one.type)
      let what = "\(one.type) \(one.input ?? FixtureCase.hex(one.wire ?? []))"
      let problem = #expect(throws: CodecProblem.self, "\(what)") {
        if let input = one.input {
          _ = try codec.encode(json: Array(input.utf8), as: type)
        } else {
          _ = try codec.decode(wire: try #require(one.wire), as: type)
        }
      }
      let sentence = problem?.description ?? ""
      #expect(sentence.hasSuffix("."), "\(what)")
      #expect(!sentence.contains("\n"), "\(what)")
      count += 1
    }
    #expect(count > 300)
  }
}
