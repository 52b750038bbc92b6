import FairleadBalancing
import FairleadManifests
import Testing

@testable import FairleadKubernetes

/// What a splitter makes of a list.
private struct Parts: Equatable {
  var items: [[UInt8]] = []
  var envelope: [UInt8] = []
  var isComplete = false
}

private func split(_ chunks: [[UInt8]], limit: Int = 8 << 20) throws -> Parts {
  var splitter = ListSplitter(limit: limit)
  var parts = Parts()
  for chunk in chunks { parts.items += try splitter.split(chunk) }
  parts.envelope = splitter.envelope
  parts.isComplete = splitter.isComplete
  return parts
}

private func split(_ text: String, limit: Int = 8 << 20) throws -> Parts {
  try split([[UInt8](text.utf8)], limit: limit)
}

private func texts(_ parts: Parts) -> [String] {
  parts.items.map { String(decoding: $0, as: UTF8.self) }
}

@Suite("Items of a list")
struct ListSplitterTests {
  @Test(
    "The items of a recorded list are found, and the rest is a list without any",
    arguments: [
      ("list-services.json", 7), ("list-pods.json", 6), ("list-endpointslices.json", 7),
      ("list-endpointslices-big.json", 3), ("list-page-1.json", 60),
      ("list-empty-virtualservices.json", 0),
    ])
  func recorded(name: String, count: Int) throws {
    let parts = try split([try Fixture.body(name)])
    #expect(parts.items.count == count)
    #expect(parts.isComplete)
    for item in parts.items {
      #expect(try ManifestNode(json: item)["metadata"]?["name"]?.text?.isEmpty == false)
    }
    let envelope = try ManifestNode(json: parts.envelope)
    #expect(envelope["metadata"]?["resourceVersion"]?.text?.isEmpty == false)
    #expect(envelope["kind"]?.text?.hasSuffix("List") == true)
  }

  @Test(
    "A recorded list has the same items however its chunks fall",
    arguments: ["list-services.json", "list-endpointslices.json"])
  func chunking(name: String) throws {
    let bytes = try Fixture.body(name)
    let whole = try split([bytes])
    for size in [1, 2, 3, 5, 17, 1000, 4096] {
      #expect(try split(chunks(bytes, of: size)) == whole, "in chunks of \(size)")
    }
  }

  @Test("A recorded list has the same items wherever it is cut in two")
  func everyCut() throws {
    let bytes = try Fixture.body("list-virtualservices.json")
    let whole = try split([bytes])
    #expect(whole.items.count == 1)
    for index in 0...bytes.count {
      #expect(try split(halves(bytes, at: index)) == whole, "cut at \(index)")
    }
  }

  @Test("A list that is cut off is never complete")
  func cutOff() throws {
    let bytes = try Fixture.body("list-virtualservices.json")
    for index in 0..<bytes.count {
      #expect(try !split([Array(bytes[..<index])]).isComplete, "cut at \(index)")
    }
  }

  @Test("Brackets, quotes and the word items inside of strings and objects mean nothing")
  func lookalikes() throws {
    #expect(
      try texts(split(#"{"kind":"items","a":["x"],"items":[{"a":"}]\"{"},{"items":[{}]}],"b":1}"#))
        == [#"{"a":"}]\"{"}"#, #"{"items":[{}]}"#])
    #expect(try texts(split(#"{"metadata":{"items":[{"a":1}]}}"#)).isEmpty)
    #expect(try texts(split(#"{"items":{"x":[{}]}}"#)).isEmpty)
    #expect(try texts(split(#"["items",[{}]]"#)).isEmpty)
    #expect(try texts(split(#"{"a":"\\","items":[{"b":"\\"}]}"#)) == [#"{"b":"\\"}"#])
    #expect(try texts(split(#"{"\"items":[{}],"itemsitems":[{}]}"#)).isEmpty)
  }

  @Test("Null instead of items is none, as an empty slice in Go is written")
  func nullItems() throws {
    let parts = try split(#"{"items":null,"metadata":{"resourceVersion":"3"}}"#)
    #expect(parts.items.isEmpty && parts.isComplete)
    #expect(try ManifestNode(json: parts.envelope)["items"]?.isNull == true)
  }

  @Test("Space between items is no part of them")
  func space() throws {
    #expect(
      try texts(split("{ \"items\" : [\n { \"a\" : 1 } ,\n\t{\"b\":2}\n ] \n}"))
        == ["{ \"a\" : 1 }", "{\"b\":2}"])
  }

  @Test("Strings among the items, and ends without a beginning, are malformed")
  func malformed() {
    #expect(throws: ListSplitter.Problem.malformed) { try split(#"{"items":["a"]}"#) }
    #expect(throws: ListSplitter.Problem.malformed) { try split("]") }
    #expect(throws: ListSplitter.Problem.malformed) { try split("{}}") }
  }

  @Test("An item may be as large as the limit, and so may all that is no item; not larger")
  func limit() throws {
    let item = #"{"a":"\#(String(repeating: "x", count: 42))"}"#
    #expect(item.utf8.count == 50)
    #expect(try texts(split(#"{"items":[\#(item),\#(item)]}"#, limit: 50)) == [item, item])
    #expect(throws: ListSplitter.Problem.tooLong) {
      try split(#"{"items":[\#(item)]}"#, limit: 49)
    }
    #expect(throws: ListSplitter.Problem.tooLong) {
      try split(#"{"x":"\#(String(repeating: "x", count: 50))","items":[]}"#, limit: 50)
    }
  }

  @Test("An item that never ends is given up at the limit, not kept")
  func endless() {
    #expect(throws: ListSplitter.Problem.tooLong) {
      var splitter = ListSplitter(limit: 1000)
      _ = try splitter.split([UInt8](#"{"items":[{"a":""#.utf8))
      for _ in 0..<2000 { _ = try splitter.split([0x78]) }
    }
    #expect(throws: ListSplitter.Problem.tooLong) {
      var splitter = ListSplitter(limit: 1000)
      for _ in 0..<2000 { _ = try splitter.split([UInt8(ascii: "[")]) }
    }
  }

  @Test("Whatever bytes come, the answer is items or a problem, the same for every chunking")
  func noise() throws {
    let random = RandomSource(seed: 7)
    let alphabet = [UInt8](#"{}[]"\,:items 1"#.utf8)
    for _ in 0..<3000 {
      var bytes = [UInt8](#"{"items":["#.utf8)
      for _ in 0..<random.next(below: 40) {
        bytes.append(alphabet[random.next(below: alphabet.count)])
      }
      let whole = Result { try split([bytes]) }
      let pieces = Result { try split(chunks(bytes, of: 1 + random.next(below: 5))) }
      switch (whole, pieces) {
      case (.success(let whole), .success(let pieces)): #expect(whole == pieces)
      case (.failure, .failure): break
      case (.success, .failure), (.failure, .success):
        Issue.record("\(String(decoding: bytes, as: UTF8.self)) depends on its chunks")
      }
    }
  }
}
