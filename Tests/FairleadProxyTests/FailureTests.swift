import FairleadHTTP2
import FairleadRouting
import FairleadTelemetry
import FairleadTestSupport
import Testing

@testable import FairleadProxy

@Suite("The proxy answers for what went wrong", .timeLimit(.minutes(1)))
struct FailureTests {
  @Test("when a call was refused: once more elsewhere, without the client's noticing")
  func retryRefused() async throws {
    try await withProxy { setup in
      let bad = try await setup.backend("bad") { call, _ in call.reset(.refusedStream) }
      let good = try await setup.backend("good")
      await setup.apply([bad, good])
      let client = try await setup.client()
      for _ in 0..<10 {
        let result = try await client.result(body: [4, 5, 6])
        #expect(result.status == "0")
        #expect(result.pod == "good")
        #expect(result.body == [4, 5, 6])
      }
      #expect(good.callCount == 10)
      let metrics = try await setup.metrics()
      #expect(metrics.total.retries[.refusedStream] == UInt64(bad.callCount))
      #expect(metrics.calls.outcomes.total == 10)
      #expect(metrics.calls.active == 0)
    }
  }

  @Test("when a call was refused twice: the refusal is passed on")
  func refusedTwice() async throws {
    try await withProxy { setup in
      let first = try await setup.backend("a") { call, _ in call.reset(.refusedStream) }
      let second = try await setup.backend("b") { call, _ in call.reset(.refusedStream) }
      await setup.apply([first, second])
      let result = try await setup.client().result()
      #expect(result.closure == .resetByPeer(.refusedStream) || result.status == "14")
      #expect(first.callCount == 1 && second.callCount == 1)
      #expect(setup.count(flag: .upstreamRemoteReset, of: try await setup.metrics().calls) == 1)
    }
  }

  @Test("when GOAWAY left a call out: once more elsewhere")
  func goAway() async throws {
    try await withProxy { setup in
      let leaving = try await setup.backend("leaving") { call, number in
        number == 1 ? call.goAwayBefore() : call.answer()
      }
      let staying = try await setup.backend("staying")
      await setup.apply([leaving, staying])
      let client = try await setup.client()
      for _ in 0..<10 {
        #expect(try await client.result().status == "0")
      }
      #expect(try await setup.metrics().total.retries[.goAway] == 1)
      #expect(leaving.callCount + staying.callCount == 11)
      #expect(leaving.seen.connections >= 1)
    }
  }

  @Test("when an endpoint sends GOAWAY as its first word")
  func goAwayFirst() async throws {
    try await withProxy { setup in
      let rude = try await RawServer.start(on: setup.group) {
        [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
      }
      await setup.apply(Setup.snapshot(ports: [("rude", rude.port)]))
      let result = try await setup.client().result()
      #expect(result.status == "14")
      #expect(result.flag == "UF" || result.flag == "URX")
      await rude.stop()
    }
  }

  @Test("when an endpoint does not speak HTTP/2")
  func notHTTP2() async throws {
    try await withProxy { setup in
      let web = try await RawServer.start(on: setup.group) {
        Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)
      }
      await setup.apply(Setup.snapshot(ports: [("web", web.port)]))
      #expect(try await setup.client().result().flag == "UF")
      await web.stop()
    }
  }

  @Test("when there is no endpoint, no route, no cluster")
  func nowhere() async throws {
    try await withProxy { setup in
      let cluster = Setup.cluster(ports: [])
      var missing = Setup.host([(Setup.cluster(ports: [], subset: "gone"), 1)])
      missing.domains = ["missing"]
      await setup.apply(
        Snapshot(
          generation: 1, virtualHosts: [Setup.host([(cluster, 1)]), missing], clusters: [cluster]))
      let client = try await setup.client()
      let empty = try await client.result()
      #expect(empty.status == "14" && empty.flag == "UH")
      let unknown = try await client.result("nobody:80")
      #expect(unknown.status == "12" && unknown.flag == "NR")
      let lost = try await client.result("missing")
      #expect(lost.status == "14" && lost.flag == "NC")
      let plain = try await client.result("nobody:80", grpc: false)
      #expect(plain.headers == [":status": "404", "content-length": "0", "x-fairlead-flag": "NR"])
      let listener = try #require(await setup.proxy.metrics().listeners.first)
      #expect(setup.count(flag: .noRoute, of: listener.unrouted) == 2)
      #expect(setup.count(flag: .noCluster, of: listener.unrouted) == 1)
      #expect(setup.count(flag: .noHealthyUpstream, of: try await setup.metrics().unassigned) == 1)
    }
  }

  @Test("when no endpoint can be reached")
  func allDown() async throws {
    try await withProxy { setup in
      let backends = try await setup.backends("a", "b")
      for backend in backends {
        await backend.stop()
      }
      await setup.apply(backends)
      let result = try await setup.client().result()
      #expect(result.status == "14")
      #expect(result.flag == "UF")
    }
  }

  @Test("when the client's time is over before an answer began: status 4, UT")
  func deadline() async throws {
    try await withProxy { setup in
      let backend = try await setup.backend("a") { call, number in
        if number == 1 { call.answer() }
      }
      await setup.apply([backend])
      let client = try await setup.client()
      // Connected by now: the time goes by at the endpoint.
      #expect(try await client.result().status == "0")
      let result = try await client.result(fields: [("grpc-timeout", "200m")])
      #expect(result.status == "4")
      #expect(result.flag == "UT")
      await expectEventually("the endpoint is told to stop") {
        backend.seen.closures.last == .resetByPeer(.cancel)
      }
      let left = try #require(backend.seen.calls.last?["grpc-timeout"])
      let nanoseconds = try #require(GRPCTimeout(Array(left.utf8))).nanoseconds
      #expect(nanoseconds <= 200_000_000)
      let metrics = try await setup.metrics()
      #expect(setup.count(flag: .upstreamTimeout, of: metrics.calls) == 1)
      #expect(metrics.calls.active == 0)
      #expect(await setup.proxy.clusters().first?.endpoints.first?.active == 0)
    }
  }

  @Test("when the client's time is over in the middle of an answer: trailers with status 4")
  func deadlineLate() async throws {
    try await withProxy { setup in
      let backend = try await setup.backend("a") { call, _ in call.respond() }
      await setup.apply([backend])
      let result = try await setup.client().result(fields: [("grpc-timeout", "3S")])
      #expect(result.headers[":status"] == "200")
      #expect(result.trailers["grpc-status"] == "4")
      #expect(result.flag == "UT")
      #expect(result.closure == .ended)
      #expect(await setup.proxy.clusters().first?.endpoints.first?.active == 0)
    }
  }

  @Test("when a call waits for a connection until the client's time is over")
  func deadlineWaiting() async throws {
    try await withProxy(.test { $0.maxConnectionsPerEndpoint = 1 }) { setup in
      let backend = try await setup.backend("a", maxStreams: 1) {
        _, _ in
      }
      await setup.apply([backend])
      let client = try await setup.client()
      let running = try await client.call()
      await expectEventually("the first call runs") { backend.callCount == 1 }
      let result = try await client.result(fields: [("grpc-timeout", "30m")])
      #expect(result.status == "4" && result.flag == "UT")
      backend.answerOpen()
      #expect(try await running.result().status == "0")
      #expect(backend.callCount == 1)
    }
  }

  @Test("when an endpoint's connection is lost before or in the middle of an answer: UC")
  func connectionLost() async throws {
    try await withProxy { setup in
      let backend = try await setup.backend("a") { call, number in
        if number == 2 { call.respond() }
      }
      await setup.apply([backend])
      let client = try await setup.client()
      let silent = try await client.call()
      let begun = try await client.call()
      try await begun.response()
      backend.closeConnections()
      let early = try await silent.result()
      #expect(early.headers["grpc-status"] == "14")
      #expect(early.flag == "UC")
      let late = try await begun.result()
      #expect(late.headers["grpc-status"] == nil)
      #expect(late.trailers["grpc-status"] == "14")
      #expect(late.flag == "UC")
      #expect(late.closure == .ended)
      let metrics = try await setup.metrics()
      #expect(setup.count(flag: .upstreamConnectionTermination, of: metrics.calls) == 2)
      #expect(metrics.calls.active == 0)
    }
  }

  @Test(
    "but a lost call is tried elsewhere once if its service allows that, unless an answer has begun"
  )
  func lostCallsAreRetried() async throws {
    try await withProxy { setup in
      let silent = try await setup.backend("a") { call, number in
        if number == 2 { call.respond() }
      }
      var cluster = Setup.cluster(ports: [("a", silent.port)])
      cluster.retriesLostCalls = true
      await setup.apply(
        Snapshot(
          generation: 1, virtualHosts: [Setup.host([(cluster, 1)])], clusters: [cluster]))
      let client = try await setup.client()
      let waiting = try await client.call()
      let begun = try await client.call()
      try await begun.response()
      let good = try await setup.backend("b")
      cluster.endpoints = Setup.cluster(ports: [("a", silent.port), ("b", good.port)]).endpoints
      await setup.apply(
        Snapshot(
          generation: 2, virtualHosts: [Setup.host([(cluster, 1)])], clusters: [cluster]))
      await expectEventually("b is connected") {
        await setup.proxy.clusters().first?.endpoints.contains {
          $0.name == "b" && $0.state == .ready
        } == true
      }
      silent.closeConnections()
      #expect(try await waiting.result().pod == "b")
      #expect(try await begun.result().flag == "UC")
      let counts = try await setup.metrics().endpoints.first { $0.name == "a" }?.metrics.retries
      #expect(counts?[.connectionLost] == 1)
    }
  }

  @Test("when the endpoint resets a call: passed on with its code")
  func upstreamReset() async throws {
    try await withProxy { setup in
      let backend = try await setup.backend("a") { call, _ in call.reset(.internalError) }
      await setup.apply([backend])
      let result = try await setup.client().result()
      #expect(result.closure == .resetByPeer(.internalError))
      #expect(setup.count(flag: .upstreamRemoteReset, of: try await setup.metrics().calls) == 1)
      #expect(backend.callCount == 1)
    }
  }

  @Test("when the client cancels: the endpoint is told, and it is counted as DC")
  func clientCancels() async throws {
    try await withProxy { setup in
      let backend = try await setup.backend("a") { _, _ in }
      await setup.apply([backend])
      let client = try await setup.client()
      let call = try await client.call(ends: false)
      await expectEventually("the call runs") { backend.callCount == 1 }
      try await call.cancel()
      await expectEventually("the endpoint is told") {
        backend.seen.closures == [.resetByPeer(.cancel)]
      }
      #expect(setup.count(flag: .downstreamGone, of: try await setup.metrics().calls) == 1)
      let other = try await client.call()
      await expectEventually("the next call runs") { backend.callCount == 2 }
      await client.close()
      await expectEventually("the endpoint is told again") { backend.seen.closures.count == 2 }
      #expect(setup.count(flag: .downstreamGone, of: try await setup.metrics().calls) == 2)
      _ = try await other.result()
    }
  }

  @Test("when a request's headers are over the limit: status 8")
  func requestHeaders() async throws {
    try await withProxy(.test { $0.downstream.maxHeaderListSize = 4000 }) { setup in
      await setup.apply(try await setup.backends("a"))
      let client = try await setup.client()
      let result = try await client.result(fields: [("x", String(repeating: "a", count: 5000))])
      #expect(result.status == "8")
      #expect(result.flag == "OM")
      #expect(try await client.result().status == "0")
    }
  }

  @Test("when a request's trailers are over the limit: status 8, and the endpoint is told to stop")
  func requestTrailers() async throws {
    try await withProxy(.test { $0.downstream.maxHeaderListSize = 4000 }) { setup in
      let backend = try await setup.backend("a")
      await setup.apply([backend])
      let call = try await setup.client().call(ends: false)
      await expectEventually("the call runs") { backend.callCount == 1 }
      try await call.end(trailers: [("x", String(repeating: "a", count: 5000))])
      let result = try await call.result()
      #expect(result.status == "8")
      #expect(result.flag == "OM")
      await expectEventually("the endpoint is told") {
        backend.seen.closures == [.resetByPeer(.cancel)]
      }
    }
  }

  @Test("when a response's headers or trailers are over the limit, and passes on no part of them")
  func responseHeaders() async throws {
    try await withProxy(.test { $0.upstream.maxHeaderListSize = 4000 }) { setup in
      let large = ("x", String(repeating: "a", count: 5000))
      let backend = try await setup.backend("a") { call, number in
        call.respond(number == 1 ? [large] : [])
        call.finish(trailers: [("grpc-status", "0")] + (number == 2 ? [large] : []))
      }
      await setup.apply([backend])
      let client = try await setup.client()
      let headers = try await client.result()
      #expect(headers.status == "8")
      #expect(headers.flag == "OM")
      #expect(headers.headers["pod"] == nil)
      let trailers = try await client.result()
      #expect(trailers.status == "8")
      #expect(trailers.flag == "OM")
      #expect(try await client.result().status == "0")
      #expect(await setup.proxy.clusters().first?.endpoints.first?.active == 0)
    }
  }

  @Test("and a request that waits keeps its headers when its trailers come")
  func trailersWhileWaiting() async throws {
    try await withProxy(.test { $0.maxConnectionsPerEndpoint = 1 }) { setup in
      let backend = try await setup.backend("a", maxStreams: 1) {
        _, _ in
      }
      await setup.apply([backend])
      let client = try await setup.client()
      let running = try await client.call()
      await expectEventually("the first call runs") { backend.callCount == 1 }
      let waiting = try await client.call(fields: [("x-id", "7")], ends: false)
      try await waiting.end(trailers: [("x-sum", "1")])
      // A call on the same connection that is answered at once comes after the trailers.
      #expect(try await client.result("nobody").flag == "NR")
      backend.answerOpen()
      #expect(try await running.result().status == "0")
      await expectEventually("the second call's trailers are there") { backend.callCount == 3 }
      let seen = backend.seen.calls
      try #require(seen.count == 3)
      #expect(seen[1][":path"] == "/a.B/C")
      #expect(seen[1]["x-id"] == "7")
      #expect(seen[2] == ["x-sum": "1"])
      backend.answerOpen()
      #expect(try await waiting.result().status == "0")
    }
  }
}
