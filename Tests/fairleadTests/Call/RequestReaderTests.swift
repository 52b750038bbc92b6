import ArgumentParser
import FairleadDescriptors
import Foundation
import Testing

@testable import fairlead

struct RequestReaderTests {
  private func values(_ data: RequestData) async throws -> [String] {
    var reader = try RequestReader(data)
    var texts: [String] = []
    while let value = try await reader.next() { texts.append(value.text()) }
    return texts
  }

  @Test("The data is JSON, standard input or a file")
  func kinds() throws {
    #expect(try RequestData(parsing: "{}") == .text("{}"))
    #expect(try RequestData(parsing: "@") == .standardInput)
    #expect(try RequestData(parsing: "@a b") == .file("a b"))
    #expect(throws: ValidationError.self) { try RequestData(parsing: #"{"a":}"#) }
  }

  @Test("Values come one after the other, from text and from files")
  func values() async throws {
    let text = "{\"a\":1}\n{\"b\":2} \"c\"\n"
    #expect(try await self.values(.text(text)) == [#"{"a":1}"#, #"{"b":2}"#, #""c""#])
    #expect(try await self.values(.text(" ")).isEmpty)
    let path = FileManager.default.temporaryDirectory.path + "/request-reader-tests.json"
    try Data((text + String(repeating: text, count: 10_000)).utf8).write(
      to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let count = try await self.values(.file(path)).count
    #expect(count == 30_003)
    try Data(String(repeating: "{\"a\":1}\n", count: 100_000).utf8).write(
      to: URL(fileURLWithPath: path))
    #expect(try await self.values(.file(path)).count == 100_000)
  }

  @Test("A file that is not there is one sentence")
  func missing() {
    let failure = #expect(throws: CommandFailure.self) { try RequestReader(.file("/no/such")) }
    #expect(failure?.description == "Cannot read /no/such: no such file or directory.")
  }
}
