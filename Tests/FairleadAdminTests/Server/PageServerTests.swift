import FairleadAdmin
import FairleadTelemetry
import Foundation
import Logging
import ServiceLifecycle
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("A server of pages")
struct PageServerTests {
  private static let silent = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

  /// Runs a server on a free port for as long as the body takes, then stops it gracefully.
  private func withServer(
    _ pages: any PageSource = AdminPages(source: FixedSource()),
    _ body: @Sendable (_ port: Int) async throws -> Void
  ) async throws {
    let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
    let server = PageServer(
      host: "127.0.0.1", port: 0, pages: pages, logger: Self.silent,
      onListening: { continuation.yield($0) })
    let group = ServiceGroup(services: [server], logger: Self.silent)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask {
        defer { continuation.finish() }
        try await group.run()
      }
      let first = await ports.first { _ in true }
      if let port = first {
        try await body(port)
        await group.triggerGracefulShutdown()
      }
      try await tasks.waitForAll()
      _ = try #require(first)
    }
  }

  private func fetch(
    _ path: String, method: String = "GET", port: Int
  ) async throws -> (HTTPURLResponse, String) {
    var request = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(port)\(path)")))
    request.httpMethod = method
    let session = URLSession(configuration: .ephemeral)
    defer { session.invalidateAndCancel() }
    let (data, response) = try await session.data(for: request)
    return (try #require(response as? HTTPURLResponse), String(decoding: data, as: UTF8.self))
  }

  @Test("reports the port it was given and answers there, until it is told to stop")
  func serves() async throws {
    let source = FixedSource(isReady: .notReady(reason: "draining"))
    try await withServer(AdminPages(source: source)) { port in
      #expect(port > 0)
      let (response, body) = try await fetch("/ready?x=1", port: port)
      #expect(response.statusCode == 503)
      #expect(body == "draining\n")
      #expect(response.value(forHTTPHeaderField: "x-content-type-options") == "nosniff")
    }
  }

  @Test("reads the query and sends JSON")
  func json() async throws {
    try await withServer { port in
      let (response, body) = try await fetch("/clusters?format=json", port: port)
      #expect(response.value(forHTTPHeaderField: "content-type") == "application/json")
      #expect(body == "[\n\n]\n")
    }
  }

  @Test("answers HEAD without a body")
  func head() async throws {
    try await withServer { port in
      let (response, body) = try await fetch("/ready", method: "HEAD", port: port)
      #expect(response.statusCode == 200)
      #expect(response.value(forHTTPHeaderField: "content-length") == "6")
      #expect(body == "")
    }
  }

  @Test("says which methods a page takes")
  func notAllowed() async throws {
    try await withServer { port in
      let (response, _) = try await fetch("/ready", method: "POST", port: port)
      #expect(response.statusCode == 405)
      #expect(response.value(forHTTPHeaderField: "allow") == "GET, HEAD")
    }
  }

  /// Repeats what it understood, and is too busy to do more.
  private struct Echo: PageSource {
    func answer(_ request: PageRequest) async -> PageAnswer {
      var answer = PageAnswer.text("\(request.query.parameters.map(\.value))", status: 503)
      answer.retryAfter = 7
      return answer
    }
  }

  @Test("decodes the query, and says when to come again")
  func retryAfter() async throws {
    try await withServer(Echo()) { port in
      let (response, body) = try await fetch("/?a=1&a=two+w%C3%B6rds", port: port)
      #expect(response.statusCode == 503)
      #expect(response.value(forHTTPHeaderField: "retry-after") == "7")
      #expect(body == "[\"1\", \"two w\u{F6}rds\"]\n")
    }
  }

  @Test("says in one sentence that its port is taken")
  func portTaken() async throws {
    try await withServer { port in
      let second = PageServer(
        host: "127.0.0.1", port: port, pages: AdminPages(source: FixedSource()), logger: Self.silent
      )
      let error = await #expect(throws: PageServerError.self) {
        try await second.run()
      }
      let expected =
        "The pages cannot be served on 127.0.0.1:\(port): the address is in use; choose another "
        + "address."
      #expect(error?.description == expected)
    }
  }

  @Test("says that it knows no such host")
  func unknownHost() async {
    let server = PageServer(
      host: "no-such-host.invalid", port: 0, pages: AdminPages(source: FixedSource()),
      logger: Self.silent)
    let error = await #expect(throws: PageServerError.self) {
      try await server.run()
    }
    #expect(error?.address == "no-such-host.invalid:0")
  }
}
