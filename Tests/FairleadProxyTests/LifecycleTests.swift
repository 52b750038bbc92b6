import FairleadHTTP2
import FairleadRouting
import FairleadTelemetry
import FairleadTestSupport
import Testing

@testable import FairleadProxy

@Suite("The proxy changes while it runs", .timeLimit(.minutes(1)))
struct LifecycleTests {
  @Test("an endpoint that is removed finishes its call and gets no other")
  func removal() async throws {
    try await withProxy { setup in
      let leaving = try await setup.backend("leaving") { _, _ in }
      await setup.apply([leaving])
      let client = try await setup.client()
      let running = try await client.call()
      await expectEventually("the call runs") { leaving.callCount == 1 }
      let staying = try await setup.backend("staying")
      await setup.apply([staying])
      for _ in 0..<20 {
        #expect(try await client.result().pod == "staying")
      }
      let statuses = await setup.proxy.clusters().first?.endpoints ?? []
      #expect(statuses.map(\.name) == ["staying", "leaving"])
      #expect(statuses.map(\.active) == [0, 1])
      #expect(statuses.last?.state == .draining)
      leaving.answerOpen()
      let result = try await running.result()
      #expect(result.status == "0" && result.pod == "leaving")
      #expect(leaving.callCount == 1)
      await expectEventually("its connection is closed") {
        await setup.proxy.clusters().first?.endpoints.count == 1
      }
      // What it counted stays in the cluster's sums.
      let metrics = try await setup.metrics()
      #expect(metrics.total.calls.outcomes.total == 21)
      #expect(metrics.endpoints.map(\.name) == ["staying"])
    }
  }

  @Test("calls are counted for an endpoint that has left when their clients read on after it")
  func slowReader() async throws {
    try await withProxy { setup in
      let body = Array(repeating: UInt8(1), count: 400_000)
      let backend = try await setup.backend("leaving") { call, _ in
        call.respond()
        call.finish(body: body, trailers: [("grpc-status", "0")])
      }
      await setup.apply([backend])
      let client = try await setup.client()
      let call = try await client.call(reads: false)
      try await call.response()
      await expectEventually("the endpoint is done with it") {
        backend.seen.closures == [.ended]
      }
      await setup.apply([])
      await expectEventually("its connection is closed") { backend.seen.wires[0].isClosed }
      #expect(try await setup.metrics().calls.outcomes.total == 0)
      try await call.read()
      #expect(try await call.result().body.count == body.count)
      try await expectEventually("the call is counted") {
        try await setup.metrics().calls.outcomes.total == 1
      }
    }
  }

  @Test("a cluster that is removed lets its calls finish; new ones have no route")
  func clusterRemoval() async throws {
    try await withProxy { setup in
      let backend = try await setup.backend("a") { _, _ in }
      await setup.apply([backend])
      let client = try await setup.client()
      let running = try await client.call()
      await expectEventually("the call runs") { backend.callCount == 1 }
      await setup.apply(Snapshot(generation: 2, virtualHosts: [], clusters: []))
      #expect(try await client.result().flag == "NR")
      backend.answerOpen()
      #expect(try await running.result().status == "0")
      await setup.apply([backend])
      let again = try await client.call()
      await expectEventually("the call runs") { backend.callCount == 2 }
      backend.answerOpen()
      #expect(try await again.result().status == "0")
      #expect(try await setup.metrics().calls.outcomes.total == 2)
    }
  }

  @Test("Snapshots are swapped under load and no call is lost")
  func swapUnderLoad() async throws {
    try await withProxy { setup in
      let backends = try await setup.backends("a", "b", "c", "d")
      await setup.apply(backends)
      let isOver = Flag()
      let counts = try await withThrowingTaskGroup(of: Int.self) { tasks in
        for _ in 0..<8 {
          let client = try await setup.client()
          tasks.addTask {
            var count = 0
            while !isOver.isSet {
              let result = try await client.result()
              #expect(result.status == "0", "\(result)")
              count += 1
            }
            return count
          }
        }
        for generation in 0..<60 {
          let subset = backends.enumerated().filter { ($0.offset + generation) % 4 < 2 }
          let client = try await setup.client()
          await setup.apply(subset.map(\.element))
          #expect(try await client.result().status == "0")
          await client.close()
        }
        isOver.set()
        return try await tasks.reduce(into: []) { $0.append($1) }
      }
      let calls = counts.reduce(0, +) + 60
      #expect(backends.reduce(0) { $0 + $1.callCount } == calls)
      let metrics = try await setup.metrics()
      #expect(metrics.calls.outcomes.total == UInt64(calls))
      #expect(metrics.calls.active == 0)
    }
  }

  @Test("it drains: GOAWAY in two steps, running calls finish, and run returns")
  func drain() async throws {
    try await withProxy(.test { $0.drainTime = .seconds(60) }) { setup in
      let backend = try await setup.backend("a") { _, _ in }
      await setup.apply([backend])
      let client = try await setup.client()
      let idle = try await setup.client()
      let running = try await client.call()
      await expectEventually("the call runs") { backend.callCount == 1 }
      await expectEventually("both clients are known") {
        await setup.proxy.metrics().listeners.first?.connectionsActive == 2
      }
      await setup.stop()
      try await expectEventually("the client was told twice") {
        try await client.goAways() == [.max, 1]
      }
      await expectEventually("the idle client's connection is closed") { idle.isClosed }
      #expect(setup.proxy.phase == .draining)
      #expect(!client.isClosed)
      await #expect(throws: (any Error).self) { try await setup.client() }
      backend.answerOpen()
      #expect(try await running.result().status == "0")
      #expect(await setup.stopped())
      let listener = try #require(await setup.proxy.metrics().listeners.first)
      #expect(listener.connectionsClosed[.drained] == 2)
      #expect(listener.connectionsActive == 0)
    }
  }

  @Test("it ends calls that outlast the time to drain")
  func drainTime() async throws {
    try await withProxy(.test { $0.drainTime = .milliseconds(50) }) { setup in
      let backend = try await setup.backend("a") { _, _ in }
      await setup.apply([backend])
      let running = try await setup.client().call()
      await expectEventually("the call runs") { backend.callCount == 1 }
      await setup.stop()
      #expect(await setup.stopped())
      #expect(try await running.result().closure == .connectionLost)
      let listener = try #require(await setup.proxy.metrics().listeners.first)
      #expect(listener.connectionsClosed == [.drainTimeout: 1])
    }
  }

  @Test(
    "it closes a drained connection only when a slow client has been given everything",
    arguments: 0..<8)
  func drainSlowReader(number: Int) async throws {
    let proxy = ProxyConfiguration.test {
      $0.drainTime = .seconds(60)
      $0.goAwayPause = .milliseconds(1)
    }
    try await withProxy(proxy) { setup in
      // What is left when the socket is full for the last time differs.
      let size = 5 * 1024 * 1024 + number * 170_000
      let backend = try await setup.backend("a") { call, _ in
        call.respond()
        call.finish(
          body: Array(repeating: 3, count: size), trailers: [("grpc-status", "0")])
      }
      await setup.apply([backend])
      var configuration = SessionConfiguration()
      configuration.streamWindow = 2 * size
      configuration.connectionWindow = 2 * size
      let client = try await Client.connect(
        to: setup.port, on: setup.group, configuration: configuration, socketBuffer: 16 * 1024)
      try await client.pauseReading()
      let call = try await client.call()
      await expectEventually("the call runs") { backend.callCount == 1 }
      await setup.stop()
      await expectEventually("the client's connection ends") {
        client.readOnce()
        return client.isClosed
      }
      await client.close()
      let result = try await call.result()
      #expect(result.body.count == size)
      #expect(result.status == "0")
      #expect(result.closure == .ended)
      #expect(await setup.stopped())
    }
  }

  @Test("it takes no more clients than it may, whether they speak or not")
  func maxConnections() async throws {
    try await withProxy(.test { $0.maxDownstreamConnections = 2 }) { setup in
      await setup.apply(try await setup.backends("a"))
      let speaking = try await setup.client()
      #expect(try await speaking.result().status == "0")
      let silent = try await RawClient.connect(to: setup.port, on: setup.group)
      try await silent.write("PRI * HTTP")
      try await expectEventually("one more is turned away") {
        let third = try await RawClient.connect(to: setup.port, on: setup.group)
        return await third.read() == ""
      }
      let trips = await setup.proxy.metrics().listeners.first?.limitsTripped["connections"] ?? 0
      #expect(trips >= 1)
      await silent.close()
      await expectEventually("there is room again") {
        guard let next = try? await setup.client() else { return false }
        return (try? await next.result().status) == "0"
      }
    }
  }

  @Test("it counts each call once, by what its client saw")
  func metrics() async throws {
    try await withProxy { setup in
      let backend = try await setup.backend("a") { call, number in
        switch number % 3 {
        case 0: call.answer()
        case 1:
          call.respond()
          call.finish(body: [1, 2], trailers: [("grpc-status", "5")])
        default: call.reset(.internalError)
        }
      }
      await setup.apply([backend])
      let client = try await setup.client()
      for _ in 0..<30 {
        _ = try await client.result(body: [1, 2, 3])
      }
      let metrics = try await setup.metrics()
      let outcomes = metrics.calls.outcomes
      #expect(outcomes.total == 30)
      #expect(outcomes[OutcomeKind(httpStatus: 200, grpcStatus: 0, flag: nil)] == 10)
      #expect(outcomes[OutcomeKind(httpStatus: 200, grpcStatus: 5, flag: nil)] == 10)
      #expect(setup.count(flag: .upstreamRemoteReset, of: metrics.calls) == 10)
      #expect(metrics.endpoints.first?.metrics.calls.outcomes.total == 30)
      #expect(metrics.calls.active == 0)
      #expect(metrics.total.connectionsActive == 1)
      let status = try #require(await setup.proxy.clusters().first?.endpoints.first)
      #expect(status.total == 30 && status.active == 0 && status.connections == 1)
    }
  }

  @Test("it counts clients that break the protocol, and tells them so")
  func protocolErrors() async throws {
    try await withProxy { setup in
      let client = try await RawClient.connect(to: setup.port, on: setup.group)
      try await client.write(
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u{4}\0\0\0\0\0\0\0\u{1}\u{0}\0\0\0\0\0\u{1}")
      let said = await client.read()
      // GOAWAY, with no stream and PROTOCOL_ERROR.
      #expect(said.contains("\u{7}\0\0\0\0\0\0\0\0\0\0\0\0\u{1}"))
      await expectEventually("the connection's end is counted") {
        let listener = await setup.proxy.metrics().listeners.first
        return listener?.protocolErrors == 1 && listener?.connectionsClosed == [.protocolError: 1]
      }
    }
  }
}
