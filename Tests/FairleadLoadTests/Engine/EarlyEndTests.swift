import FairleadTestSupport
import Testing

@testable import FairleadLoad

@Suite("Runs that end before their plan is done", .timeLimit(.minutes(1)))
struct EarlyEndTests {
  private static let hour: UInt64 = 3_600_000_000_000

  @Test("data that stop fitting end the run, and what was measured is answered")
  func badData() async throws {
    try await withScriptedServer(ScriptedServer.Script { _ in ScriptedServer.ok }) { port, _ in
      let payload = LoadRequest.Payload.made { turn in
        guard turn.number < 3 else { throw LoadFailure("The data do not fit.") }
        return LoadRequest.framed([])
      }
      let plan = LoadPlan(extent: .duration(Self.hour), concurrency: 1)
      let outcome = try await ConnectionDriver(port: port, plan, payload: payload).run()
      #expect(outcome.measurements[.ok].count == 3)
      #expect(outcome.measurements.failed == 0)
      #expect(outcome.failure == "The run ended early at call 3: The data do not fit.")
    }
  }

  @Test("calls that are under way when data stop fitting are counted, as far as they end soon")
  func badDataBeside() async throws {
    let payload = LoadRequest.Payload.made { turn in
      guard turn.number < 5 else { throw LoadFailure("The data do not fit.") }
      return LoadRequest.framed([])
    }
    let plan = LoadPlan(extent: .calls(100), concurrency: 10)
    try await withScriptedServer(ScriptedServer.Script { _ in ScriptedServer.ok }) { port, _ in
      let outcome = try await ConnectionDriver(port: port, plan, payload: payload).run()
      #expect(outcome.measurements[.ok].count == 5)
      #expect(outcome.notes.isEmpty)
    }
    try await withScriptedServer(
      ScriptedServer.Script { $0 == 2 ? .silence : ScriptedServer.ok }
    ) { port, _ in
      let outcome = try await ConnectionDriver(port: port, plan, payload: payload).run()
      #expect(outcome.measurements[.ok].count == 4)
      #expect(outcome.failure == "The run ended early at call 5: The data do not fit.")
      #expect(
        outcome.notes == ["1 call had not ended when the run did, and is in no number."])
    }
  }

  @Test(
    "calls that no connection takes end by their deadline, and say what the server does instead")
  func goAwayAtOnce() async throws {
    try await withScriptedServer(Self.calm) { port, server in
      let plan = LoadPlan(extent: .calls(3), concurrency: 2, timeout: 100_000_000)
      let outcome = try await ConnectionDriver(port: port, plan).run()
      #expect(server.received == 0)
      #expect(outcome.measurements.calls == 3)
      #expect(outcome.measurements[.deadlineExceeded].count == 3)
      #expect(outcome.measurements.latencies.count == 3)
      #expect(outcome.measurements.bytesSent == 0)
      let said = #"GOAWAY (ENHANCE_YOUR_CALM, "calm \u{1b}down")"#
      #expect(
        outcome.measurements[.deadlineExceeded].exampleMessage
          == "No connection took the call in time. The last connection was lost, since the server "
          + "closed it with \(said).")
      #expect(outcome.failure == nil)
      let note = try #require(outcome.notes.first)
      #expect(note.hasSuffix("since the server closed it with \(said)."))
    }
  }

  @Test("calls that wait for a connection when the time is over fail")
  func goAwayUntilTheEnd() async throws {
    try await withScriptedServer(Self.calm) { port, _ in
      let plan = LoadPlan(extent: .duration(100_000_000), concurrency: 4, timeout: Self.hour)
      let outcome = try await ConnectionDriver(port: port, plan).run()
      #expect(outcome.measurements[.unavailable].count == 4)
      #expect(outcome.measurements.latencies.isEmpty)
      let message = outcome.measurements[.unavailable].exampleMessage
      #expect(message.hasPrefix("No connection took the call before the run's time was over."))
      #expect(message.contains("ENHANCE_YOUR_CALM"))
    }
  }

  private static let calm = ScriptedServer.Script(
    farewell: (code: .enhanceYourCalm, text: "calm \u{1b}down")
  ) { _ in ScriptedServer.ok }

  @Test("a run that is cancelled while a connection is being opened ends, with no calls")
  func cancelledWhileConnecting() async throws {
    let listener = try await EchoListener.start(isSilent: true)
    let driver = try ConnectionDriver(
      port: listener.port, LoadPlan(extent: .calls(10), concurrency: 1))
    try await withThrowingTaskGroup(of: LoadOutcome.self) { group in
      group.addTask { try await driver.run() }
      await expectEventually("a connection is open") { listener.accepted > 0 }
      group.cancelAll()
      let outcome = try #require(try await group.next())
      #expect(outcome.wasStopped)
      #expect(outcome.measurements.calls == 0)
    }
    await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await driver.check() }
      await expectEventually("another connection is open") { listener.accepted > 1 }
      group.cancelAll()
      await #expect(throws: CancellationError.self) { try await group.next() }
    }
    try await listener.stop()
  }

  @Test("a run that is cancelled before it begins makes no call")
  func cancelledBefore() async throws {
    try await withScriptedServer(ScriptedServer.Script { _ in ScriptedServer.ok }) { port, server in
      let driver = try ConnectionDriver(
        port: port, LoadPlan(extent: .duration(Self.hour), concurrency: 1))
      try await withThrowingTaskGroup(of: LoadOutcome.self) { group in
        group.cancelAll()
        group.addTask { try await driver.run() }
        let outcome = try #require(try await group.next())
        #expect(outcome.wasStopped)
      }
      #expect(server.received == 0)
    }
  }

  @Test("a server that keeps no connection ends a run that waits for a number of calls")
  func gone() async throws {
    try await withScriptedServer(ScriptedServer.Script { _ in .hangUp }) { port, _ in
      let plan = LoadPlan(extent: .calls(1_000_000), concurrency: 2)
      let outcome = try await Self.impatient(port, plan).run()
      #expect(outcome.measurements.calls < 1_000_000)
      #expect(outcome.measurements.calls == outcome.measurements.failed)
      let failure = try #require(outcome.failure)
      #expect(failure.contains("took no call for 200ms. The last connection was lost, since"))
    }
  }

  @Test("a server that allows no call on a connection is named, and the run ends")
  func noStreams() async throws {
    try await withScriptedServer(maxStreams: 0, ScriptedServer.Script { _ in ScriptedServer.ok }) {
      port, _ in
      let outcome = try await Self.impatient(
        port, LoadPlan(extent: .calls(3), concurrency: 1)
      ).run()
      #expect(outcome.measurements.calls == 1)
      #expect(outcome.measurements[.unavailable].count == 1)
      #expect(outcome.measurements.bytesSent == 0)
      let failure = try #require(outcome.failure)
      #expect(failure.contains("settings allow no call"))
      let plan = LoadPlan(extent: .calls(3), concurrency: 1, timeout: 10_000_000)
      let late = try await ConnectionDriver(port: port, plan).run().measurements
      #expect(late[.deadlineExceeded].count == 3)
      #expect(late[.deadlineExceeded].exampleMessage.contains("settings allow no call"))
    }
  }

  private static func impatient(_ port: Int, _ plan: LoadPlan) throws -> ConnectionDriver {
    try ConnectionDriver(
      port: port, plan, payload: .variants([LoadRequest.framed([])]),
      patience: .milliseconds(200))
  }
}
