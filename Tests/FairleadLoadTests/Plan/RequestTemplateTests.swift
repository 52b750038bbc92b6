import FairleadBalancing
import Testing

@testable import FairleadLoad

struct RequestTemplateTests {
  private static let sources = TemplateSources(random: RandomSource(seed: 7)) {
    "2026-01-02T03:04:05.678Z"
  }

  private static func text(_ template: String, number: Int = 0, slot: Int = 0) throws -> String {
    let turn = LoadTurn(number: number, slot: slot)
    return String(
      decoding: try RequestTemplate(parsing: template).text(for: turn, sources: sources),
      as: UTF8.self)
  }

  @Test("words in double braces stand for what is new in each call")
  func words() throws {
    #expect(
      try Self.text(#"{"n":{{n}},"w":"{{worker}}","t":"{{ time }}"}"#, number: 41, slot: 3)
        == #"{"n":41,"w":"3","t":"2026-01-02T03:04:05.678Z"}"#)
  }

  @Test("text without words is the same in each call")
  func constant() throws {
    #expect(try !RequestTemplate(parsing: #"{"a":{"b":{}}}"#).varies)
    #expect(try RequestTemplate(parsing: "{{n}}").varies)
    #expect(try Self.text("{{ is not closed") == "{{ is not closed")
    #expect(try Self.text("") == "")
  }

  @Test(
    "data are taken apart into their records",
    arguments: [
      ("", []), (" ", []), ("[]", []), ("[ ]", []), ("{}", ["{}"]), ("{{n}}", ["0"]),
      (#"{"a":1}{"b":"}{"} {"c":[1,{}]}"#, [#"{"a":1}"#, #"{"b":"}{"}"#, #"{"c":[1,{}]}"#]),
      (#""a b" "c\"{" 1 true {{n}}[2]"#, [#""a b""#, #""c\"{""#, "1", "true", "0", "[2]"]),
      (#"[{"a":[1,2]},"x,y",{{n}}]"#, [#"{"a":[1,2]}"#, #""x,y""#, "0"]),
      ("[[1],[2]]", ["[1]", "[2]"]), ("[1] [2]", ["[1]", "[2]"]), ("[{{n}}]", ["0"]),
      (#"{"a":{{n}},"b":"{{n}} {{n}}"}"#, [#"{"a":0,"b":"0 0"}"#]),
    ])
  func records(text: String, records: [String]) throws {
    let found = try RequestTemplate(parsing: text).records().map { record in
      String(
        decoding: record.text(for: LoadTurn(number: 0, slot: 0), sources: Self.sources),
        as: UTF8.self)
    }
    #expect(found == records)
  }

  @Test("random numbers are all of the range and no others")
  func random() throws {
    let template = try RequestTemplate(parsing: "{{random -1 1}}")
    let seen = (0..<200).map { number in
      String(
        decoding: template.text(for: LoadTurn(number: number, slot: 0), sources: Self.sources),
        as: UTF8.self)
    }
    #expect(Set(seen) == ["-1", "0", "1"])
    #expect(try Self.text("{{random 5 5}}") == "5")
    #expect(try Int(Self.text("{{random 0 \(Int.max)}}")) != nil)
  }

  @Test("a UUID is one of version 4, and another each time")
  func uuid() throws {
    let texts = try (0..<50).map { _ in try Self.text("{{uuid}}") }
    #expect(Set(texts).count == 50)
    for text in texts {
      #expect(
        text.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/)
          != nil, "\(text)")
    }
  }

  @Test(
    "what stands for nothing is told",
    arguments: [
      "{{}}", "{{foo}}", "{{n 1}}", "{{random}}", "{{random 1}}", "{{random 2 1}}",
      "{{random a b}}", "{{random \(Int.min) \(Int.max)}}",
    ])
  func unknown(text: String) {
    #expect(throws: LoadFailure.self) { try RequestTemplate(parsing: text) }
  }
}
