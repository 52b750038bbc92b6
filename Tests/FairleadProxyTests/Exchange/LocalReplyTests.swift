import FairleadHTTP2
import FairleadTelemetry
import Testing

@testable import FairleadProxy

@Suite("A local reply")
struct LocalReplyTests {
  private static let all: [(LocalReply, String, Int, Int)] = [
    (.noRoute(authority: "x"), "NR", 404, 12), (.noCluster("x"), "NC", 503, 14),
    (.noEndpoints("x"), "UH", 503, 14), (.allUnreachable("x", lastError: "y"), "UF", 503, 14),
    (.overflow("x", limit: 1), "UO", 503, 14), (.retriesExhausted("x"), "URX", 503, 14),
    (.connectionLost(endpoint: "x"), "UC", 503, 14),
    (.protocolViolation(endpoint: "x", code: .internalError), "UPE", 502, 14),
    (.deadlineExceeded, "UT", 504, 4), (.headersTooLarge(limit: 1), "OM", 431, 8),
    (.connectNotSupported, "NR", 501, 12),
  ]

  private func fields(_ block: HeaderBlock) -> [String: String] {
    Dictionary((0..<block.count).map { (block.name(at: $0), block.value(at: $0)) }) { $1 }
  }

  @Test("to a gRPC call is Trailers-Only with status, message and flag", arguments: all)
  func grpc(reply: LocalReply, flag: String, http: Int, status: Int) {
    let fields = fields(reply.headers(isGRPC: true))
    #expect(fields[":status"] == "200")
    #expect(fields["content-type"] == "application/grpc")
    #expect(fields["grpc-status"] == "\(status)")
    #expect(fields["x-fairlead-flag"] == flag)
    #expect(fields["grpc-message"]?.isEmpty == false)
    let trailers = self.fields(reply.trailers)
    #expect(trailers["grpc-status"] == "\(status)")
    #expect(trailers["x-fairlead-flag"] == flag)
    #expect(trailers[":status"] == nil)
  }

  @Test("to any other request is the HTTP status with the flag", arguments: all)
  func plain(reply: LocalReply, flag: String, http: Int, status: Int) {
    let fields = fields(reply.headers(isGRPC: false))
    #expect(
      fields == [":status": "\(http)", "content-length": "0", "x-fairlead-flag": flag])
  }

  @Test(
    "has its message percent-encoded as gRPC asks",
    arguments: [
      ("", ""), ("plain text ~!", "plain text ~!"), ("100%", "100%25"), ("a\nb\u{7F}", "a%0Ab%7F"),
      ("ä€😀", "%C3%A4%E2%82%AC%F0%9F%98%80"), ("\u{0}\u{1F}", "%00%1F"),
    ])
  func percentEncoding(text: String, expected: String) {
    #expect(LocalReply.percentEncoded(text) == expected)
  }

  @Test("cannot be made to break the header block by what a peer says")
  func hostileAuthority() {
    let reply = LocalReply.noRoute(authority: "evil\r\nx: y")
    let message = fields(reply.headers(isGRPC: true))["grpc-message"] ?? ""
    #expect(message.utf8.allSatisfy { (0x20...0x7E).contains($0) })
  }
}
