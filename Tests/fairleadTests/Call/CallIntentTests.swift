import ArgumentParser
import Testing

@testable import fairlead

struct CallIntentTests {
  @Test(
    "Words are in grpcurl's order",
    arguments: [
      (["a:1", "list"], "a:1", CallIntent.Action.list(service: nil)),
      (["a:1", "list", "p.S"], "a:1", .list(service: "p.S")),
      (["a:1", "describe"], "a:1", .describe(symbol: nil)),
      (["a:1", "describe", "p.M"], "a:1", .describe(symbol: "p.M")),
      (["a:1", "p.S/M"], "a:1", .call(method: "p.S/M")),
    ])
  func withAddress(words: [String], address: String, action: CallIntent.Action) throws {
    let intent = try CallIntent(words, hasFiles: false)
    #expect(intent.address == address)
    #expect(intent.action == action)
  }

  @Test("With files, list and describe need no address")
  func withoutAddress() throws {
    #expect(try CallIntent(["list"], hasFiles: true).address == nil)
    #expect(try CallIntent(["describe", "p.M"], hasFiles: true).action == .describe(symbol: "p.M"))
    #expect(throws: ValidationError.self) { try CallIntent(["list"], hasFiles: false) }
  }

  @Test(
    "Too few and too many words are wrong usage",
    arguments: [[], ["a:1"], ["a:1", "p.S/M", "x"], ["a:1", "list", "p.S", "x"], ["p.S/M"]])
  func refuses(words: [String]) {
    #expect(throws: ValidationError.self) { try CallIntent(words, hasFiles: true) }
  }
}
