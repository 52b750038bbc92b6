import FairleadDescriptors
import Testing

struct JSONStreamTests {
  @Test("Values are there with their last byte, in whatever pieces the text comes")
  func pieces() throws {
    let text = #" {"a":"}\"]{"} [1,{}]  {"b":{}} 7 "#
    for size in [1, 2, 3, 100] {
      var stream = JSONStream()
      var texts: [String] = []
      let bytes = Array(text.utf8)
      for start in stride(from: 0, to: bytes.count, by: size) {
        stream.append(bytes[start..<min(start + size, bytes.count)])
        while let value = try stream.next() {
          texts.append(value.text())
        }
      }
      #expect(texts == [#"{"a":"}\"]{"}"#, "[1,{}]", #"{"b":{}}"#, "7"])
      #expect(try stream.finish() == nil)
    }
  }

  @Test("Values that are no objects follow each other, too", arguments: [1, 2, 3, 100])
  func bareValues(size: Int) throws {
    let text = #""a""b{" 1.5e3 null{"c":1}true[2] "2026-01-01T00:00:00Z" -7"#
    var stream = JSONStream()
    var texts: [String] = []
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: size) {
      stream.append(bytes[start..<min(start + size, bytes.count)])
      while let value = try stream.next() { texts.append(value.text()) }
    }
    if let last = try stream.finish() { texts.append(last.text()) }
    #expect(
      texts == [
        #""a""#, #""b{""#, "1.5e3", "null", #"{"c":1}"#, "true", "[2]", #""2026-01-01T00:00:00Z""#,
        "-7",
      ])
  }

  @Test("An object is not waited for longer than it takes")
  func promptness() throws {
    var stream = JSONStream()
    stream.append("{\"a\":1".utf8)
    #expect(try stream.next() == nil)
    stream.append("}".utf8)
    #expect(try stream.next()?.text() == #"{"a":1}"#)
    #expect(try stream.next() == nil)
  }

  @Test("A hundred thousand values in one piece are cut in linear time")
  func many() throws {
    var stream = JSONStream()
    stream.append((0..<100_000).flatMap { _ in Array("{} ".utf8) })
    var count = 0
    while try stream.next() != nil {
      count += 1
    }
    #expect(count == 100_000)
    #expect(try stream.finish() == nil)
  }

  @Test("A problem is where it is in the whole text")
  func positions() throws {
    for size in [1, 100] {
      var stream = JSONStream()
      let bytes = Array("{}\n{\"ä\":\n 1}  {\"b\" 2}".utf8)
      var found = 0
      let problem = #expect(throws: JSONProblem.self) {
        for start in stride(from: 0, to: bytes.count, by: size) {
          stream.append(bytes[start..<min(start + size, bytes.count)])
          while try stream.next() != nil { found += 1 }
        }
      }
      #expect(found == 2)
      #expect(
        problem?.description
          == "The JSON text is wrong at line 3, column 11: a colon is wanted here.")
    }
    var stream = JSONStream()
    stream.append("{}\n{".utf8)
    while try stream.next() != nil {}
    let problem = #expect(throws: JSONProblem.self) { try stream.finish() }
    #expect(problem?.description.contains("line 2, column 2") == true)
  }

  @Test("Text that is cut off or no JSON is a problem")
  func problems() throws {
    var stream = JSONStream()
    stream.append("{\"a\":".utf8)
    #expect(throws: JSONProblem.self) { try stream.finish() }
    stream.append("{]".utf8)
    #expect(throws: JSONProblem.self) {
      _ = try stream.next()
      _ = try stream.finish()
    }
    stream = JSONStream()
    stream.append("}".utf8)
    #expect(throws: JSONProblem.self) { try stream.next() }
    for text in ["nope {}", "1,2 ", "\"a", "tru"] {
      #expect(throws: JSONProblem.self) {
        var stream = JSONStream()
        stream.append(text.utf8)
        while try stream.next() != nil {}
        _ = try stream.finish()
      }
    }
  }
}
