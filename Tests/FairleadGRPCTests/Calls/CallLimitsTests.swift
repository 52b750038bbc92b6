import FairleadBalancing
import FairleadDiscovery
import FairleadGRPC
import FairleadTestSupport
import GRPCCore
import NIOCore
import NIOPosix
import Testing

@Suite("Calls that cannot be served at once")
struct CallLimitsTests {
  private let patient: CallOptions = {
    var options = CallOptions.defaults
    options.waitForReady = true
    return options
  }()

  /// So that a call which waits though it must not ends as a failure of the test.
  private let bounded: CallOptions = {
    var options = CallOptions.defaults
    options.timeout = .seconds(60)
    return options
  }()

  @Test("wait, as many as may; the next one fails at once")
  func maximumWaitingCalls() async throws {
    var configuration = BalancedTransport.Configuration()
    configuration.maximumWaitingCalls = 3
    try await withServers(1) { servers in
      let source = ManualSource()
      try await withBalancedClient(of: source, configuration) { client, transport in
        try await withThrowingTaskGroup(of: RPCError?.self) { group in
          for _ in 0..<4 {
            group.addTask {
              do {
                _ = try await client.callEmpty(options: bounded)
                return nil
              } catch let error as RPCError {
                return error
              }
            }
          }
          // There are no endpoints yet, so three of them wait; which one does not is chance.
          let error = try await group.next() ?? nil
          #expect(error?.code == .resourceExhausted)
          #expect(error?.message.hasPrefix("3 calls wait for a connection already") == true)
          source.set(servers.map(\.endpoint))
          while let error = try await group.next() { #expect(error == nil) }
        }
        #expect(servers[0].calls == 3)
        #expect(transport.active == 0)
      }
    }
  }

  @Test("wait for a stream, as many as may, when a server allows no more")
  func maximumWaitingForStreams() async throws {
    var configuration = BalancedTransport.Configuration()
    configuration.maximumWaitingCalls = 1
    configuration.maximumConnectionsPerEndpoint = 1
    try await withServers(1, .transport { $0.http2.maxConcurrentStreams = 1 }) { servers in
      let gate = Gate()
      servers[0].behaviour.gate = gate
      try await withBalancedClient(of: servers, configuration) { client, transport in
        try await transport.waitUntilReady(1)
        try await withThrowingTaskGroup(of: Status.Code.self) { group in
          for _ in 0..<3 {
            group.addTask {
              do {
                _ = try await client.callEmpty()
                return .ok
              } catch let error as RPCError {
                return Status.Code(error.code)
              }
            }
          }
          let first = try await group.next()
          #expect(first == .resourceExhausted)
          await expectEventually("one call is at the server") { gate.waiting == 1 }
          gate.open()
          while let code = try await group.next() { #expect(code == .ok) }
        }
        #expect(servers[0].calls == 2)
      }
    }
  }

  @Test("fail when a server that accepts connections never answers")
  func connectTimeout() async throws {
    // It listens, and nobody ever reads.
    let silent = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelOption(.autoRead, value: false)
      .bind(host: "127.0.0.1", port: 0).get()
    let port = try #require(silent.localAddress?.port)
    var configuration = BalancedTransport.Configuration()
    configuration.connectTimeout = .milliseconds(100)
    let source = ManualSource()
    source.set([Endpoint(address: .ip(host: "127.0.0.1", port: port))])
    try await withBalancedClient(of: source, configuration) { client, transport in
      let error = await failure { try await client.callEmpty() }
      #expect(error?.code == .unavailable)
      #expect(
        error?.message
          == "No endpoint can be reached; the last error: 127.0.0.1:\(port): it did not "
          + "become ready within 0.1 seconds")
    }
    try await silent.close().get()
  }

  @Test("fail with the resolver's words; once it has an answer, that stays")
  func resolverFailure() async throws {
    let words = "The test knows no endpoints; wait until it does."
    try await withServers(1) { servers in
      let source = ManualSource()
      source.fail(ResolutionFailure(.unreachable, words))
      try await withBalancedClient(of: source) { client, _ in
        let error = await failure { try await client.callEmpty() }
        #expect(error?.code == .unavailable)
        #expect(error?.message == words)

        source.set(servers.map(\.endpoint))
        await expectEventually("the answer is there") { (try? await client.callEmpty()) != nil }
        source.fail(ResolutionFailure(.unreachable, words))
        for _ in 0..<5 { _ = try await client.callEmpty() }
      }
    }
  }

  @Test("fail when the target has no endpoints, with the resolver's words if it has any")
  func noEndpoints() async throws {
    let source = ManualSource()
    source.set([FairleadBalancing.Endpoint]())
    try await withBalancedClient(of: source) { client, _ in
      let error = await failure { try await client.callEmpty() }
      #expect(error?.code == .unavailable)
      #expect(error?.message == "The target has no endpoints.")
      source.fail(ResolutionFailure(.unreachable, "It is out of reach."))
      await expectEventually("the words are there") {
        let error = await failure { try await client.callEmpty() }
        return error?.message == "The target has no endpoints. It is out of reach."
      }
    }
  }

  @Test("fail with the cause when a server refuses, at once; those that wait for one get it")
  func waitForReady() async throws {
    try await withServers(1, ServerConfiguration(isStarted: false)) { servers in
      try await withBalancedClient(of: servers) { client, transport in
        let error = await failure { try await client.callEmpty() }
        #expect(error?.code == .unavailable)
        let problem = "\(servers[0].address): connection refused"
        #expect(error?.message == "No endpoint can be reached; the last error: \(problem)")
        #expect(transport.endpoints[0].lastError == problem)
        try await withThrowingTaskGroup(of: String.self) { group in
          group.addTask { try await client.callEmpty(options: patient) }
          try await servers[0].start()
          let first = try await group.next()
          #expect(first == "server-0")
        }
        #expect(transport.endpoints[0].lastError == nil)
      }
    }
  }

  @Test("wait for an answer of the resolver when they wait for an endpoint")
  func waitForResolver() async throws {
    try await withServers(1) { servers in
      let source = ManualSource()
      source.fail(ResolutionFailure(.unreachable, "It is out of reach."))
      try await withBalancedClient(of: source) { client, _ in
        #expect(await failure { try await client.callEmpty() }?.code == .unavailable)
        try await withThrowingTaskGroup(of: String.self) { group in
          group.addTask { try await client.callEmpty(options: patient) }
          source.set(servers.map(\.endpoint))
          let first = try await group.next()
          #expect(first == "server-0")
        }
      }
    }
  }

  @Test("end with their deadline, or when they are given up, and leave nothing")
  func deadlineAndCancellation() async throws {
    var configuration = BalancedTransport.Configuration()
    configuration.maximumWaitingCalls = 1
    try await withServers(1) { servers in
      let source = ManualSource()
      try await withBalancedClient(of: source, configuration) { client, transport in
        var options = CallOptions.defaults
        options.timeout = .milliseconds(20)
        let error = await failure { try await client.callEmpty(options: options) }
        #expect(error?.code == .deadlineExceeded)
        // Its place is free again: neither this call nor the next is one too many.
        let call = Task { try await client.callEmpty(options: patient) }
        call.cancel()
        await expectCancellation { try await call.value }
        try await withThrowingTaskGroup(of: String.self) { group in
          group.addTask { try await client.callEmpty() }
          source.set(servers.map(\.endpoint))
          let first = try await group.next()
          #expect(first == "server-0")
        }
        #expect(transport.active == 0)
      }
    }
  }
}
