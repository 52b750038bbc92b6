import Testing

@testable import FairleadKubernetes

private func split(_ chunks: [[UInt8]], limit: Int = 8 << 20) throws -> [[UInt8]] {
  var splitter = LineSplitter(limit: limit)
  return try chunks.flatMap { try splitter.split($0) }
}

private func text(_ text: String) -> [UInt8] { [UInt8](text.utf8) }

@Suite("Lines of a watch")
struct LineSplitterTests {
  @Test(
    "A recorded watch has the same lines however its chunks fall",
    arguments: ["watch-endpointslices.jsonl", "watch-pods.jsonl", "watch-virtualservices.jsonl"])
  func chunking(name: String) throws {
    let lines = try Fixture.lines(name)
    let bytes = try Fixture.stream(name)
    for size in [1, 2, 3, 7, 64, 1000, 4096, 65_536] {
      #expect(try split(chunks(bytes, of: size)) == lines, "in chunks of \(size)")
    }
  }

  @Test("A recorded watch has the same lines wherever it is cut in two")
  func everyCut() throws {
    let bytes = try Fixture.stream("watch-services.jsonl")
    let lines = try Fixture.lines("watch-services.jsonl")
    for index in 0...bytes.count {
      #expect(try split(halves(bytes, at: index)) == lines, "cut at \(index)")
    }
  }

  @Test("A line that is cut off is never told")
  func cutOff() throws {
    #expect(try split([text("{\"a\":1}\n{\"b\":2")]) == [text("{\"a\":1}")])
    #expect(try split([text("{\"b\":2}")]).isEmpty)
  }

  @Test("Empty lines and carriage returns are no lines")
  func emptyLines() throws {
    #expect(try split([text("\n\na\r\n\r\n\nb\n")]) == [text("a"), text("b")])
    #expect(try split([text("a\r"), text("\nb\n")]) == [text("a"), text("b")])
  }

  @Test("A line may be as long as the limit, and not longer, whether its end has come or not")
  func limit() throws {
    let line = [UInt8](repeating: 0x61, count: 10)
    #expect(try split([line + [0x0A]], limit: 10) == [line])
    #expect(throws: LineSplitter.TooLong.self) { try split([line + [0x61, 0x0A]], limit: 10) }
    #expect(throws: LineSplitter.TooLong.self) {
      try split(Array(repeating: [0x61], count: 11), limit: 10)
    }
    // The limit is for one line, not for all of them.
    #expect(try split(Array(repeating: line + [0x0A], count: 100), limit: 10).count == 100)
  }
}
