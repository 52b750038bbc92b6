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
    ])
  func refuses(text: String) {
    #expect(throws: ValidationError.self) { try HeaderArgument(parsing: text) }
  }

  @Test("A name may be given more than once")
  func metadata() throws {
    let headers = try ["a: 1", "b-bin: AQI=", "a: 2"].map(HeaderArgument.init(parsing:))
    #expect(Array(headers.metadata[stringValues: "a"]) == ["1", "2"])
    #expect(Array(headers.metadata[binaryValues: "b-bin"]) == [[1, 2]])
  }
}
