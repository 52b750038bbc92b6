import ArgumentParser
import Testing

@testable import fairlead

struct HeaderArgumentTests {
  @Test("Names are in lower case; -bin values are base64 with or without padding")
  func reads() throws {
    let header = try HeaderArgument(parsing: "X-Token:  a: b ")
    #expect(header.name == "x-token")
    #expect(header.value == .string("a: b"))
    for text in ["x-bin: AQI=", "x-bin:AQI"] {
      #expect(try HeaderArgument(parsing: text).value == .binary([1, 2]))
    }
    #expect(try HeaderArgument(parsing: "empty:").value == .string(""))
  }

  @Test(
    "What gRPC does not allow is refused",
    arguments: [
      "novalue", ":path: /x", " : x", "na me: x", "name\u{7}: x", "name: ü", "name: a\nb",
      "x-bin: %%", "x-bin: AQI==", "grpc-timeout: 1S", "content-type: x", "host: y", "ü: x",
      "content-length: 5", "Keep-Alive: x", "proxy-connection: x", "transfer-encoding: chunked",
      "upgrade: h2c",
    ])
  func refuses(text: String) {
    #expect(throws: ValidationError.self) { try HeaderArgument(parsing: text) }
  }

  @Test(
    "A sentence shows no value",
    arguments: [
      "authorization: Bearer gehëim", "authorization=Bearer geheim", "authorization geheim",
      "authorization=Bearer geheim:x", "x-key-bin: geheim!", "grpc-x: geheim",
    ])
  func hides(text: String) {
    let error = #expect(throws: ValidationError.self) { try HeaderArgument(parsing: text) }
    let sentence = error?.message ?? ""
    #expect(!sentence.contains("geh") && !sentence.contains("Bearer"))
    #expect(sentence.contains(text.prefix { !" =:".contains($0) }))
  }

  @Test("A name may be given more than once")
  func metadata() throws {
    let metadata = try HeaderArgument.metadata(["a: 1", "b-bin: AQI=", "a: 2"])
    #expect(Array(metadata[stringValues: "a"]) == ["1", "2"])
    #expect(Array(metadata[binaryValues: "b-bin"]) == [[1, 2]])
  }
}
