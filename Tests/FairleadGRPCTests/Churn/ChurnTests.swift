#if os(Linux)
  import FairleadBalancing
  import FairleadDiscovery
  import FairleadGRPC
  import GRPCCore
  import Testing

  /// In a process of its own, as its memory is measured.
  @Suite("Endless change")
  struct ChurnTests {
    @Test("of the endpoints, told ten thousand times, leaves nothing behind")
    func endpoints() async {
      await #expect(processExitsWith: .success) {
        try await Churn.run(rounds: 500) { churn, round in
          for change in 1...20 {
            churn.flip(UInt64(20 * round + change))
            await Task.yield()
          }
          try await churn.settle()
        }
      }
    }

    @Test("of connections that are told to go away, a thousand times, leaves nothing behind")
    func goAway() async {
      await #expect(processExitsWith: .success) {
        try await Churn.run(rounds: 250) { churn, _ in
          for server in churn.servers { try await churn.goAway(server) }
        }
      }
    }
  }
#endif
