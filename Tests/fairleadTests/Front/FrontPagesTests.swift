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
    let silent: @Sendable (String) -> Void = { _ in }
    return FrontPages(greeter: "127.0.0.1:1", note: silent) { [hits] calls, name in
      hits.add(calls, name)
      if let hit { return hit }
      var tally = GreetTally()
      for turn in 0..<calls { tally.countReply(from: "pod-\(turn % 2)") }
      return .answered(tally)
    }
  }

  private func get(
    _ path: String, _ query: PageQuery = [:], method: String = "GET",
    hit: FrontPages.Hit? = nil
  ) async -> PageAnswer {
    await self.pages(hit).answer(PageRequest(method: method, path: path, query: query))
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

  @Test("A failure is JSON for who asked for JSON")
  func failureInJSON() async throws {
    let answer = await self.get(
      "/hello/grpc", ["format": "json"],
      hit: .failed(turn: 1, status: "UNAVAILABLE", reason: "no connection"))
    #expect(answer.status == 502 && answer.contentType == "application/json")
    #expect(answer.body.contains("\"status\" : \"UNAVAILABLE\""))
    #expect(answer.body.contains("\"error\" : \"Call 1 of 25 to 127.0.0.1:1 failed: UNAVAILABLE"))
    let wrong = await self.get("/hello/grpc", ["format": "json", "numrequest": "0"])
    #expect(wrong.status == 400 && wrong.contentType == "application/json")
    #expect(wrong.body.contains("give a number from 1 to 10000"))
  }

  @Test(
    "What a query cannot mean is told",
    arguments: [
      ("numrequest=1&numrequest=2", "\"numrequest\" is given twice; give it once.\n"),
      (
        "bogus=1",
        "\"bogus\" is no parameter of this page; there are numrequest, name and format.\n"
      ),
      ("format=xml", "format is \"xml\"; give json or text.\n"),
      ("name=%zz", "\"name=%zz\" in the query is not percent-encoded as it should be.\n"),
    ])
  func queries(text: String, sentence: String) async {
    let answer = await self.get("/hello/grpc", PageQuery(parsing: text))
    #expect(answer.status == 400 && answer.body == sentence)
    #expect(self.hits.all.isEmpty)
  }

  @Test("So many hits are served at once; more are to come again, which is told once")
  func crowd() async {
    let (entered, enter) = AsyncStream.makeStream(of: Void.self)
    let (doors, door) = AsyncStream.makeStream(of: Void.self)
    let notes = Hits()
    let note: @Sendable (String) -> Void = { notes.add(0, $0) }
    let pages = FrontPages(greeter: "127.0.0.1:1", hitLimit: 2, note: note) { _, _ in
      enter.yield()
      for await _ in doors {}
      return .answered(GreetTally())
    }
    let request = PageRequest(path: "/hello/grpc")
    await withTaskGroup(of: Int.self) { group in
      for _ in 0..<2 { group.addTask { await pages.answer(request).status } }
      var running = entered.makeAsyncIterator()
      for _ in 0..<2 { await running.next() }
      for _ in 0..<2 {
        let refused = await pages.answer(request)
        #expect(refused.status == 503 && refused.retryAfter == 1)
        #expect(refused.body == "2 hits are being served, and no more at once; try again.\n")
      }
      #expect(await pages.answer(PageRequest(path: "/healthz")).status == 200)
      door.finish()
      for await status in group { #expect(status == 200) }
    }
    #expect(await pages.answer(request).status == 200)
    #expect(notes.all == ["0 2 hits are being served; more are answered with 503"])
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
