import FairleadGRPC
import FairleadHTTP2
import FairleadTestSupport
import GRPCCore
import Testing

@testable import FairleadLoad

@Suite("Load on a target that is balanced here", .timeLimit(.minutes(1)))
struct BalancedLoadTests {
  private static let hour: UInt64 = 3_600_000_000_000

  @Test("each endpoint gets its share, and there is nothing to remark")
  func shares() async throws {
    try await withGreeter("pod-1") { first in
      try await withGreeter("pod-2") { second in
        let plan = LoadPlan(extent: .calls(40), concurrency: 4, ratePerSecond: 100_000)
        let outcome = try await Self.driver([first, second], plan, by: .header("x-pod")).run()
        let seen = outcome.measurements
        #expect(seen[.ok].count == 40)
        #expect(Set(seen.backends.map(\.name)) == ["pod-1", "pod-2"])
        #expect(seen.backends.map(\.calls) == [20, 20])
        #expect(seen.connectionsOpened == 2)
        #expect(seen.connectionsLost == 0)
        #expect(outcome.endpoints == ["127.0.0.1:\(first)", "127.0.0.1:\(second)"])
        #expect(outcome.notes.filter { !$0.contains("began late") }.isEmpty)
        #expect(!outcome.wasStopped)
      }
    }
  }

  @Test("an endpoint that cannot be reached is named")
  func unreachable() async throws {
    let gone = try ReservedPort()
    try await withGreeter { port in
      let plan = LoadPlan(extent: .calls(10), concurrency: 2)
      let outcome = try await Self.driver([port, gone.number], plan).run()
      #expect(outcome.measurements[.ok].count == 10)
      #expect(
        outcome.notes == [
          "1 of 2 endpoints could not be reached in the end: 127.0.0.1:\(gone.number): "
            + "connection refused."
        ])
    }
  }

  @Test("connections that are lost are counted, and why the first was is told")
  func lost() async throws {
    let script = ScriptedServer.Script { $0 == 3 ? .lastAnswer : ScriptedServer.ok }
    try await withScriptedServer(script) { port, server in
      let outcome = try await Self.driver([port], LoadPlan(extent: .calls(20), concurrency: 1))
        .run()
      #expect(outcome.measurements.calls == 20)
      #expect(outcome.measurements.connectionsLost == 1)
      let note = try #require(outcome.notes.first)
      #expect(note.hasPrefix("1 connection was lost, since "), "\(note)")
      #expect(note.contains("GOAWAY (NO_ERROR)"), "\(note)")
      #expect(server.received == 20)
    }
  }

  @Test("calls that began late are counted in an open loop")
  func delayed() async throws {
    try await withScriptedServer(ScriptedServer.Script { _ in ScriptedServer.ok }) { port, _ in
      // All five are due within four microseconds, which no call is.
      let plan = LoadPlan(extent: .calls(5), concurrency: 1, ratePerSecond: 1_000_000)
      let outcome = try await Self.driver([port], plan).run()
      #expect(outcome.measurements.calls == 5)
      #expect(outcome.notes.contains { $0.hasPrefix("4 calls were due while 1 was under way") })
    }
  }

  @Test("stopped, it lets calls end that are under way, and counts them")
  func stopped() async throws {
    try await withScriptedServer(ScriptedServer.Script { _ in .silence }) { port, server in
      let plan = LoadPlan(extent: .duration(Self.hour), concurrency: 1, timeout: 100_000_000)
      let outcome = try await Self.stop(try Self.driver([port], plan, stopGrace: .seconds(30))) {
        server.received > 0
      }
      #expect(outcome.wasStopped)
      #expect(outcome.measurements.calls == outcome.measurements[.deadlineExceeded].count)
      #expect(outcome.measurements.calls > 0)
      #expect(outcome.notes.isEmpty)
    }
    try await withScriptedServer(ScriptedServer.Script { _ in .silence }) { port, server in
      let plan = LoadPlan(extent: .duration(Self.hour), concurrency: 3)
      let outcome = try await Self.stop(
        try Self.driver([port], plan, stopGrace: .milliseconds(10))
      ) { server.received == 3 }
      #expect(outcome.measurements.calls == 0)
      #expect(outcome.notes == ["3 calls had not ended when the run did, and are in no number."])
    }
  }

  @Test("stopped while calls are not due, or before there is a connection, it ends")
  func stoppedEarly() async throws {
    try await withScriptedServer(ScriptedServer.Script { _ in ScriptedServer.ok }) { port, server in
      let plan = LoadPlan(extent: .duration(Self.hour), concurrency: 3, ratePerSecond: 0.001)
      let outcome = try await Self.stop(try Self.driver([port], plan)) { server.received == 1 }
      #expect(outcome.wasStopped)
      #expect(outcome.measurements.calls <= 1)
    }
    let listener = try await EchoListener.start(isSilent: true)
    let plan = LoadPlan(extent: .calls(10), concurrency: 1)
    let outcome = try await Self.stop(try Self.driver([listener.port], plan)) {
      listener.accepted > 0
    }
    #expect(outcome.wasStopped)
    #expect(outcome.measurements.calls == 0)
    try await listener.stop()
  }

  @Test("data that stop fitting end the run, and calls that are not due yet do not keep it")
  func badData() async throws {
    try await withScriptedServer(ScriptedServer.Script { _ in ScriptedServer.ok }) { port, _ in
      let plan = LoadPlan(extent: .duration(Self.hour), concurrency: 3, ratePerSecond: 0.001)
      let payload = LoadRequest.Payload.made { _ in throw LoadFailure("The data do not fit.") }
      let outcome = try await Self.driver([port], plan, payload: payload).run()
      #expect(outcome.failure == "The run ended early at call 0: The data do not fit.")
      #expect(!outcome.wasStopped)
    }
  }

  @Test("without any endpoint that can be reached there is no run")
  func nobody() async throws {
    let gone = try ReservedPort()
    let driver = try Self.driver([gone.number], LoadPlan(extent: .calls(10), concurrency: 2))
    let error = await #expect(throws: RPCError.self) { try await driver.run() }
    #expect(error?.message.contains("connection refused") == true)
  }

  private static func stop(
    _ driver: BalancedDriver, when isReached: @escaping @Sendable () -> Bool
  ) async throws -> LoadOutcome {
    try await withThrowingTaskGroup(of: LoadOutcome.self) { group in
      group.addTask { try await driver.run() }
      await expectEventually("the run is under way") { isReached() }
      group.cancelAll()
      return try #require(try await group.next())
    }
  }

  private static func driver(
    _ ports: [Int], _ plan: LoadPlan, by backend: BackendSource = .peer,
    payload: LoadRequest.Payload = .variants([LoadRequest.framed([0x0A, 1, 0x61])]),
    stopGrace: Duration = .seconds(1)
  ) throws -> BalancedDriver {
    let target = "ipv4:" + ports.map { "127.0.0.1:\($0)" }.joined(separator: ",")
    var configuration = BalancedTransport.Configuration()
    // Calls begin when each endpoint has been connected or has refused, however busy this machine is.
    configuration.settleTime = .seconds(30)
    return BalancedDriver(
      plan: plan, request: LoadRequest(path: "", payload: payload, backend: backend),
      method: try Greeter.pool().method(named: "helloworld.Greeter/SayHello"), metadata: [:],
      clock: ContinuousClock(), stopGrace: stopGrace
    ) { [configuration] in
      try BalancedTransport(target: target, security: .plaintext, configuration: configuration)
    }
  }
}
