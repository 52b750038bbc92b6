import Testing

@testable import FairleadHTTP2

@Suite("A header name")
struct HeaderNameTests {
  private func name(_ text: String) -> HeaderName {
    Array(text.utf8).withUnsafeBufferPointer { HeaderName($0) }
  }

  @Test(
    "is told from its bytes",
    arguments: [
      (":method", HeaderName.method), (":scheme", .scheme), (":authority", .authority),
      (":path", .path), (":status", .status), ("host", .host), ("content-type", .contentType),
      ("grpc-timeout", .grpcTimeout), ("grpc-status", .grpcStatus),
      ("grpc-message", .grpcMessage),
    ])
  func known(text: String, expected: HeaderName) {
    #expect(name(text) == expected)
  }

  @Test(
    "is other when it only looks like a known one",
    arguments: [
      "", "x", "Host", "hosts", "hos", ":paths", ":patH", ":methoe", ":statuz", "grpc-statuz",
      "grpc-timeouu", "grpc-messagf", "content-typo", ":authoritz", "x-0123456789",
    ])
  func other(text: String) {
    #expect(name(text) == .other)
  }

  private func isKeptOut(_ text: String) -> Bool {
    Array(text.utf8).withUnsafeBufferPointer { $0.isKeptOutOfHeaderTables }
  }

  @Test(
    "whose value a gRPC peer parses stays out of header tables",
    arguments: [
      "grpc-timeout", "grpc-encoding", "grpc-previous-rpc-attempts", "grpc-message",
      "grpc-status-details-bin", "grpc-trace-bin", "x-token-bin", "a-bin",
    ])
  func keptOut(text: String) {
    #expect(isKeptOut(text))
  }

  @Test(
    "that is the same in each call is indexed",
    arguments: [
      "", "-bin", "grpc-", "grpc", ":path", "content-type", "te", "user-agent", "grpc-status",
      "grpc-accept-encoding", "x-binary", "bin", "x-grpc-timeout",
    ])
  func indexed(text: String) {
    #expect(!isKeptOut(text))
  }
}
