import FairleadTestSupport
import Testing

@testable import FairleadProxy

@Suite("An HTTP/1 head")
struct HTTP1HeadTests {
  private func host(_ text: String) -> HTTP1Head.Host {
    HTTP1Head.host(in: Array(text.utf8))
  }

  @Test(
    "gives its host",
    arguments: [
      "GET / HTTP/1.1\r\nHost: web:80\r\n\r\n", "GET / HTTP/1.1\r\nhost:web:80\r\n",
      "POST /a%20b HTTP/1.0\r\nAccept: */*\r\nHOST:\t web:80\r\nX: y",
    ])
  func found(text: String) {
    #expect(host(text) == .found("web:80"))
  }

  @Test("is incomplete until the host's line is whole, however it is cut")
  func incomplete() {
    let text = "GET / HTTP/1.1\r\nAccept: */*\r\nHost: web:80\r\n"
    for length in 0..<text.count {
      #expect(host(String(text.prefix(length))) == .incomplete, "\(length)")
    }
    #expect(host(text) == .found("web:80"))
  }

  @Test(
    "is none when it is something else",
    arguments: [
      "GET / HTTP/1.1\r\nAccept: */*\r\n\r\n", "GET /\r\nHost: web\r\n\r\n", "hello\n",
      "SSH-2.0-OpenSSH_9.2\r\n", "GET / HTTP/2.0\r\nHost: web\r\n",
    ])
  func none(text: String) {
    #expect(host(text) == .none)
  }

  @Test("may be any bytes")
  func noise() {
    var random = SeededRandom(seed: 3)
    for _ in 0..<500 {
      let bytes = (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
      _ = HTTP1Head.host(in: bytes)
    }
  }
}
