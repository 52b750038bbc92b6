import FairleadServices
import GRPCCore

/// Tasks that call one after the other, all at once.
struct Load<Transport: ClientTransport>: Sendable {
  let greeter: Helloworld_Greeter.Client<Transport>
  let concurrency: Int

  /// Calls until so many servers have answered, so that no connection is made while it is measured.
  ///
  /// - Throws: ``LoadFailure`` if some have not after 10 s; an error of a call.
  func reachAll(_ servers: Int) async throws {
    let deadline = ContinuousClock.now + .seconds(10)
    var seen: Set<String> = []
    while seen.count < servers {
      guard ContinuousClock.now < deadline else {
        throw LoadFailure(reached: seen.count, of: servers)
      }
      seen.formUnion(try await run(for: .milliseconds(50)).callsByReply.keys)
    }
  }

  /// Calls for so long, and lets the last calls end.
  func run(for duration: Duration) async throws -> Tally {
    let end = ContinuousClock.now + duration
    return try await withThrowingTaskGroup(of: Tally.self) { group in
      for _ in 0..<concurrency {
        group.addTask { try await calls(until: end) }
      }
      return try await group.reduce(into: Tally()) { $0.add($1) }
    }
  }

  private func calls(until end: ContinuousClock.Instant) async throws -> Tally {
    var tally = Tally()
    var begin = ContinuousClock.now
    while begin < end {
      let reply = try await greeter.sayHello(.with { $0.name = "world" })
      let now = ContinuousClock.now
      tally.count(reply.message, latency: now - begin)
      begin = now
    }
    return tally
  }
}
