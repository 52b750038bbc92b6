import FairleadAdmin
import Synchronization
import Testing

@testable import fairlead

@Suite("Pages of front")
struct FrontPagesTests {
  /// Remembers what it was asked for.
  private final class Hits: Sendable {
    private let state = Mutex<[String]>([])

    var all: [String] { self.state.withLock { $0 } }

    func add(_ calls: Int, _ name: String) {
      self.state.withLock { $0.append("\(calls) \(name)") }
    }
  }

  private let hits = Hits()

  private func pages(_ hit: FrontPages.Hit? = nil) -> FrontPages {
    FrontPages(greeter: "127.0.0.1:1") { [hits] calls, name in
      hits.add(calls, name)
      if let hit { return hit }
      var tally = GreetTally()
      for turn in 0..<calls { tally.countReply(from: "pod-\(turn % 2)") }
      return .answered(tally)
    }
  }

  private func get(
    _ path: String, _ query: [String: String] = [:], method: String = "GET",
    hit: FrontPages.Hit? = nil
  ) async -> AdminAnswer {
    await self.pages(hit).answer(AdminRequest(method: method, path: path, query: query))
  }

  @Test("A hit makes 25 calls and counts them by pod")
  func usual() async {
    let answer = await self.get("/hello/grpc")
    #expect(answer.status == 200)
    #expect(answer.body.contains("pod-0     13") && answer.body.contains("25 calls, none failed"))
    #expect(self.hits.all == ["25 world"])
  }

  @Test("As many as the query says, as JSON if it says so")
  func query() async {
    let answer = await self.get(
      "/hello/grpc", ["numrequest": "2", "name": "you", "format": "json"])
    #expect(answer.contentType == "application/json")
    #expect(answer.body.contains("\"calls\" : 2") && answer.body.contains("\"pod\" : \"pod-1\""))
    #expect(self.hits.all == ["2 you"])
  }

  @Test("No other number than from 1 to 10000", arguments: ["0", "-1", "10001", "many", "", "1e3"])
  func bounds(numrequest: String) async {
    let answer = await self.get("/hello/grpc", ["numrequest": numrequest])
    #expect(answer.status == 400)
    #expect(answer.body.contains("give a number from 1 to 10000"))
    #expect(self.hits.all.isEmpty)
  }

  @Test("A call that fails is a bad gateway, and is told")
  func failure() async {
    let answer = await self.get(
      "/hello/grpc", hit: .failed(turn: 3, status: "UNAVAILABLE", reason: "no connection"))
    #expect(answer.status == 502)
    #expect(
      answer.body == "Call 3 of 25 to 127.0.0.1:1 failed: UNAVAILABLE: no connection\n")
  }

  @Test("Health, the list of pages, and what there is not; none of them calls")
  func others() async {
    #expect(await self.get("/healthz").body == "ok\n")
    #expect(await self.get("/").body.contains("/hello/grpc"))
    #expect(await self.get("/hello").status == 404)
    #expect(await self.get("/hello/grpc", method: "HEAD").status == 200)
    let post = await self.get("/hello/grpc", method: "POST")
    #expect(post.status == 405 && post.allow == "GET, HEAD")
    #expect(self.hits.all.isEmpty)
  }
}
