import FairleadHTTP2
import FairleadTestSupport
import Testing

@testable import FairleadLoad

@Suite("Load on a server that does not just answer")
struct ScriptedLoadTests {
  private static let second: UInt64 = 1_000_000_000

  @Test("a call that no server looked at is made again")
  func refused() async throws {
    try await withScriptedServer(
      ScriptedServer.Script { $0 % 3 == 0 ? .reset(.refusedStream) : ScriptedServer.ok }
    ) {
      port, server in
      let seen = try await ConnectionDriver(
        port: port, LoadPlan(extent: .calls(20), concurrency: 4)
      ).run().measurements
      #expect(seen[.ok].count == 20)
      #expect(server.received > 20)
    }
  }

  @Test("a good answer without the message that is due is none")
  func noMessage() async throws {
    try await withScriptedServer(ScriptedServer.Script { _ in ScriptedServer.ok }) { port, _ in
      let seen = try await ConnectionDriver(
        port: port, LoadPlan(extent: .calls(5), concurrency: 1),
        payload: .variants([LoadRequest.framed([])]), expectsMessage: true
      ).run().measurements
      #expect(seen[.internalError].count == 5)
      #expect(seen[.internalError].exampleMessage == "The server answered OK without a message.")
    }
  }

  @Test("a call that is always refused fails in the end, without a latency")
  func alwaysRefused() async throws {
    try await withScriptedServer(ScriptedServer.Script { _ in .reset(.refusedStream) }) {
      port, server in
      let seen = try await ConnectionDriver(
        port: port, LoadPlan(extent: .calls(2), concurrency: 1)
      ).run().measurements
      #expect(seen[.unavailable].count == 2)
      #expect(seen.latencies.isEmpty)
      #expect(server.received == 12)
    }
  }

  @Test("a connection that the server closes gracefully is replaced, and no call is lost")
  func goAway() async throws {
    try await withScriptedServer(
      ScriptedServer.Script { $0 == 5 ? .lastAnswer : ScriptedServer.ok }
    ) {
      port, server in
      let outcome = try await ConnectionDriver(
        port: port, LoadPlan(extent: .calls(30), concurrency: 3)
      ).run()
      #expect(outcome.measurements[.ok].count == 30)
      #expect(outcome.measurements.connectionsLost == 1)
      #expect(outcome.measurements.connectionsOpened == 2)
      #expect(server.accepted == 2)
      #expect(outcome.notes.count == 1)
    }
  }

  @Test("a call on a connection that breaks is UNAVAILABLE, and another connection is opened")
  func hangUp() async throws {
    try await withScriptedServer(ScriptedServer.Script { $0 == 4 ? .hangUp : ScriptedServer.ok }) {
      port, server in
      let seen = try await ConnectionDriver(
        port: port, LoadPlan(extent: .calls(10), concurrency: 1)
      ).run().measurements
      #expect(seen.calls == 10)
      #expect(seen[.unavailable].count == 1)
      #expect(seen[.unavailable].exampleMessage == "The connection was lost.")
      #expect(seen.latencies.count == 9)
      #expect(server.accepted == 2)
    }
  }

  @Test("a call that is not answered ends by its deadline")
  func deadline() async throws {
    try await withScriptedServer(ScriptedServer.Script { $0 == 1 ? .silence : ScriptedServer.ok }) {
      port, _ in
      let plan = LoadPlan(extent: .calls(4), concurrency: 2, timeout: Self.second)
      let seen = try await ConnectionDriver(port: port, plan).run().measurements
      #expect(seen[.ok].count == 3)
      #expect(seen[.deadlineExceeded].count == 1)
      #expect(seen.latencies.maximumSeconds >= 1)
    }
  }

  @Test("no more calls are under way than the server takes, and it is said")
  func streamLimit() async throws {
    try await withScriptedServer(maxStreams: 2, ScriptedServer.Script { _ in ScriptedServer.ok }) {
      port, _ in
      let plan = LoadPlan(extent: .calls(100), concurrency: 10, connections: 2)
      let outcome = try await ConnectionDriver(port: port, plan).run()
      #expect(outcome.measurements[.ok].count == 100)
      #expect(outcome.notes.contains { $0.contains("2 calls at once") })
    }
  }

  @Test(
    "an end without a status of gRPC gets one",
    arguments: [
      (ScriptedServer.Reaction.answer([]), StatusCode.unknown),
      (.answer([(":status", "404")]), .unimplemented),
      (.answer([(":status", "503")]), .unavailable),
      (.answer([("grpc-status", "77")]), .unknown),
      (.answer([("grpc-status", "x")]), .unknown),
      (.answer([("grpc-status", "5"), ("grpc-message", "no%20such%zz")]), .notFound),
      (.reset(.cancel), .cancelled), (.reset(.enhanceYourCalm), .resourceExhausted),
      (.reset(.internalError), .internalError),
    ])
  func endings(reaction: ScriptedServer.Reaction, status: StatusCode) async throws {
    try await withScriptedServer(ScriptedServer.Script { _ in reaction }) { port, _ in
      let seen = try await ConnectionDriver(
        port: port, LoadPlan(extent: .calls(1), concurrency: 1)
      ).run().measurements
      #expect(seen[status].count == 1)
      if status == .notFound { #expect(seen[status].exampleMessage == "no such%zz") }
    }
  }

  @Test("a run that is cancelled answers with what it has")
  func cancelled() async throws {
    try await withScriptedServer(ScriptedServer.Script { $0 < 5 ? ScriptedServer.ok : .silence }) {
      port, _ in
      let driver = try ConnectionDriver(
        port: port, LoadPlan(extent: .duration(3600 * Self.second), concurrency: 1))
      try await withThrowingTaskGroup(of: LoadOutcome.self) { group in
        group.addTask { try await driver.run() }
        await expectEventually("five calls have ended") { driver.counter.calls == 5 }
        group.cancelAll()
        let outcome = try #require(try await group.next())
        #expect(outcome.wasStopped)
        #expect(outcome.measurements.calls == 5)
      }
    }
  }

  @Test(
    "a server that answers in something else than HTTP/2, or not at all, is told before any load")
  func noServer() async throws {
    try await withScriptedServer(ScriptedServer.Script { _ in ScriptedServer.ok }) { port, server in
      try await ConnectionDriver(port: port, LoadPlan(extent: .calls(1), concurrency: 1)).check()
      #expect(server.received == 0)
    }
    let listener = try await EchoListener.start()
    let plan = LoadPlan(extent: .calls(1), concurrency: 1, connections: 2)
    let echoed = await #expect(throws: LoadFailure.self) {
      try await ConnectionDriver(port: listener.port, plan).run()
    }
    #expect(echoed?.description.contains("does not answer in HTTP/2") == true, "\(echoed as Any)")
    try await listener.stop()
    let refused = await #expect(throws: LoadFailure.self) {
      try await ConnectionDriver(port: listener.port, plan).check()
    }
    #expect(refused?.description.contains("connection refused") == true, "\(refused as Any)")
  }

  @Test("a server that says nothing is given up after the time to connect")
  func silentServer() async throws {
    let listener = try await EchoListener.start(isSilent: true)
    let failure = await #expect(throws: LoadFailure.self) {
      try await ConnectionDriver(
        port: listener.port, LoadPlan(extent: .calls(1), concurrency: 1),
        connectTimeout: .milliseconds(50)
      ).check()
    }
    #expect(failure?.description.contains("says nothing within 50ms") == true)
    try await listener.stop()
  }
}
