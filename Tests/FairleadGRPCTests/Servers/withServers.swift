// Real grpc-swift servers on loopback, for every test of the client.
//
//   try await withServers(3) { servers in
//     servers.addresses                     // ["127.0.0.1:40001", …]; servers[0].port, .name ("server-0")
//     servers[0].behaviour.delay = .milliseconds(50)
//     servers[0].behaviour.gate = gate      // hold calls until gate.open(); gate.waiting counts them
//     servers[0].behaviour.gatesLeft = 1    // only the next one
//     servers[0].behaviour.failure = ServerFailure(.unavailable, place: .trailersOnly)
//     servers[0].behaviour.failuresLeft = 2 // only the next two
//     servers[0].behaviour.trailingMetadata // e.g. a load report
//     servers[0].record                     // calls with their metadata, running, failed, connected …
//     servers[0].beginGracefulShutdown()    // GOAWAY and drain; await servers[0].waitUntilDown()
//     await servers[0].stop()               // at once
//     try await servers[0].start()          // again, on the same port
//     servers[0].quiesceConnections()       // GOAWAY on what is open; the listener stays
//     servers[0].closeConnections()         // close what is open; the listener stays
//   }
//
// Settings of grpc-swift's server, of all of them:
//   withServers(2, .transport { $0.http2.maxConcurrentStreams = 1; $0.connection.maxAge = … }) { … }
// Servers that are down at first:            withServers(1, ServerConfiguration(isStarted: false)) { … }
// TLS, further services (health):            ServerConfiguration(security: …, services: { name in […] })
// A port that refuses connections:           try ReservedPort().number, as long as the object lives
//
// Each response names its server in `x-server`, in the header block and in the trailers (in an error's
// metadata, too). They serve grpc.testing.TestService; Grpc_Testing_TestService.Client calls it.

import GRPCCore

/// Runs a test with `count` servers, and stops them at its end, whatever runs on them.
func withServers<Result: Sendable>(
  _ count: Int = 1,
  _ configuration: ServerConfiguration = ServerConfiguration(),
  isolation: isolated (any Actor)? = #isolation,
  body: ([TestServer]) async throws -> Result
) async throws -> Result {
  let servers = try (0..<count).map {
    try TestServer(name: "server-\($0)", configuration: configuration)
  }
  return try await withThrowingDiscardingTaskGroup(isolation: isolation) { group in
    for server in servers {
      group.addTask { await server.run() }
    }
    do {
      for server in servers where configuration.isStarted {
        try await server.start()
      }
      let result = try await body(servers)
      for server in servers { await server.end() }
      return result
    } catch {
      for server in servers { await server.end() }
      throw error
    }
  }
}

extension [TestServer] {
  /// `["127.0.0.1:40001", "127.0.0.1:40002"]`.
  var addresses: [String] {
    self.map(\.address)
  }
}
