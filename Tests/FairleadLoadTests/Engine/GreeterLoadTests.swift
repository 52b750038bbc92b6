import FairleadServices
import Testing

@testable import FairleadLoad

@Suite("Load on a greeter")
struct GreeterLoadTests {
  @Test("makes as many calls as planned, and knows the backend by its address", arguments: [1, 2])
  func total(threads: Int) async throws {
    try await withGreeter { port in
      let plan = LoadPlan(extent: .calls(500), concurrency: 10, connections: 3)
      let driver = try ConnectionDriver(port: port, plan, threads: threads)
      let outcome = try await driver.run()
      let seen = outcome.measurements
      #expect(seen.calls == 500)
      #expect(seen.failed == 0)
      #expect(seen.latencies.count == 500)
      #expect(seen.connectionsOpened == 3)
      #expect(seen.backends.map(\.name) == ["127.0.0.1:\(port)"])
      #expect(seen.backends.map(\.calls) == [500])
      #expect(seen.backends.map(\.connections) == [3])
      #expect(seen.bytesSent == 500 * 8)
      #expect(seen.bytesReceived == 500 * (5 + 2 + "Hello a from pod-1".utf8.count))
      #expect(outcome.elapsedSeconds > 0)
      #expect(!outcome.wasStopped)
      #expect(outcome.notes.isEmpty)
      #expect(driver.counter.calls == 500)
    }
  }

  @Test("knows the backend by a header, or by a field of the reply")
  func backends() async throws {
    try await withGreeter("pod-7") { port in
      let plan = LoadPlan(extent: .calls(20), concurrency: 2)
      let byHeader = try ConnectionDriver(port: port, plan, by: .header("x-pod"))
      let headers = try await byHeader.run().measurements
      #expect(headers.backends.map(\.name) == ["pod-7"])
      #expect(headers.backends.map(\.calls) == [20])

      let pool = try Greeter.pool()
      let field = try ReplyField(
        path: "message", of: pool.message(named: "helloworld.HelloReply"), in: pool)
      let byField = try ConnectionDriver(port: port, plan, by: .field(field))
      let fields = try await byField.run().measurements
      #expect(fields.backends.map(\.name) == ["Hello a from pod-7"])
      #expect(fields.backends.map(\.calls) == [20])

      let missing = try ConnectionDriver(port: port, plan, by: .header("x-none"))
      #expect(try await missing.run().measurements.backends.isEmpty)
    }
  }

  @Test("counts failed calls by their status, with what they said")
  func failures() async throws {
    let failing = try #require(FailureSchedule(rate: 0.1))
    try await withGreeter(failing: failing) { port in
      let plan = LoadPlan(extent: .calls(100), concurrency: 5)
      let driver = try ConnectionDriver(port: port, plan, by: .header("x-pod"))
      let seen = try await driver.run().measurements
      #expect(seen.calls == 100)
      #expect(seen.failed == 10)
      #expect(seen[.unavailable].count == 10)
      #expect(!seen[.unavailable].exampleMessage.isEmpty)
      #expect(seen.backends.map(\.failed) == [10])
      #expect(seen.latencies.count == 100)
    }
  }

  @Test("calls methods that stream, either way")
  func streams() async throws {
    try await withGreeter { port in
      let plan = LoadPlan(extent: .calls(20), concurrency: 4)
      let down = try ConnectionDriver(
        port: port, plan, path: "/helloworld.Greeter/SayHelloStreamReply")
      let seen = try await down.run().measurements
      #expect(seen[.ok].count == 20)
      #expect(seen.bytesReceived == 20 * 10 * (5 + 2 + "Hello a from pod-1".utf8.count))
    }
  }

  @Test("a method that is not there is UNIMPLEMENTED")
  func unimplemented() async throws {
    try await withGreeter { port in
      let driver = try ConnectionDriver(
        port: port, LoadPlan(extent: .calls(5), concurrency: 1), path: "/none.Such/Method")
      let seen = try await driver.run().measurements
      #expect(seen[.unimplemented].count == 5)
    }
  }

  @Test("sends the messages in turn, or those made for the call")
  func payloads() async throws {
    try await withGreeter { port in
      let plan = LoadPlan(extent: .calls(9), concurrency: 1)
      let pool = try Greeter.pool()
      let field = try ReplyField(
        path: "message", of: pool.message(named: "helloworld.HelloReply"), in: pool)
      @Sendable func name(_ name: String) -> [UInt8] {
        LoadRequest.framed([0x0A, UInt8(name.utf8.count)] + Array(name.utf8))
      }
      let inTurn = try ConnectionDriver(
        port: port, plan, messages: [name("a"), name("bcd"), name("e")], by: .field(field))
      let seen = try await inTurn.run().measurements
      #expect(
        seen.backends.map(\.name) == ["a", "bcd", "e"].map { "Hello \($0) from pod-1" })
      #expect(seen.backends.map(\.calls) == [3, 3, 3])

      let made = try ConnectionDriver(
        port: port, plan, payload: .made { name("\($0.number % 2)") }, by: .field(field))
      let other = try await made.run().measurements
      #expect(other.backends.map(\.calls) == [5, 4])

      let broken = try ConnectionDriver(
        port: port, plan,
        payload: .made { turn in
          guard turn.number < 4 else { throw LoadFailure("No more.") }
          return name("a")
        })
      let outcome = try await broken.run()
      let partly = outcome.measurements
      #expect(partly[.ok].count == 4)
      #expect(partly.failed == 0)
      #expect(outcome.failure?.contains("No more.") == true)
      #expect(partly.latencies.count == 4)
    }
  }

  @Test("an open loop makes each call once, warm-up apart")
  func openLoop() async throws {
    try await withGreeter { port in
      let plan = LoadPlan(
        extent: .calls(100), concurrency: 20, connections: 2, ratePerSecond: 1000,
        warmUp: 50_000_000)
      let outcome = try await ConnectionDriver(port: port, plan, threads: 2).run()
      #expect(outcome.measurements.calls == 100)
      #expect(outcome.measurements.notSent == 0)
      // The last one is due 99 ms after the first that counts.
      #expect(outcome.elapsedSeconds >= 0.099)
    }
  }
}
