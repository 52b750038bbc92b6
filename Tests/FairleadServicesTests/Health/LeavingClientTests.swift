import FairleadHealthProtocol
import FairleadServices
import FairleadTestSupport
import GRPCCore
import Testing

/// A handler's task is not cancelled when its client leaves, so each endless handler has to notice.
@Suite("Clients that leave", .timeLimit(.minutes(1)))
struct LeavingClientTests {
  @Test("A watch leaves the board when its client leaves the call")
  func callIsLeft() async throws {
    let board = HealthBoard(serving: [])
    try await withServicesOverTCP([HealthService(board: board)]) { client in
      let health = Grpc_Health_V1_Health.Client(wrapping: client)
      let watcherCount = try await health.watch(.init()) { response in
        for try await _ in response.messages { break }
        return board.watcherCount
      }
      #expect(watcherCount == 1)
      await expectEventually("the board has no watcher") { board.watcherCount == 0 }
    }
  }

  @Test("A watch leaves the board when its client's deadline is over, and others stay")
  func deadlineIsOver() async throws {
    let board = HealthBoard(serving: [])
    try await withServicesOverTCP([HealthService(board: board)]) { client in
      let health = Grpc_Health_V1_Health.Client(wrapping: client)
      var stays = board.changes(of: "").makeAsyncIterator()
      var options = CallOptions.defaults
      options.timeout = .milliseconds(200)
      let error = await #expect(throws: RPCError.self) {
        try await health.watch(.init(), options: options) { response in
          for try await _ in response.messages {}
        }
      }
      #expect(error?.code == .deadlineExceeded)
      await expectEventually("one watcher is left") { board.watcherCount == 1 }
      #expect(await stays.next() == .some(.serving))
    }
  }

  @Test("A watch ended from outside still gives the status that waits")
  func ended() async {
    let board = HealthBoard(serving: [])
    let watch = board.watch("")
    board.set(.notServing, for: "")
    watch.end()
    watch.end()
    board.set(.serving, for: "")
    var changes = watch.changes.makeAsyncIterator()
    #expect(await changes.next() == .some(.notServing))
    #expect(await changes.next() == nil)
    #expect(board.watcherCount == 0)
  }

  @Test("Reflection and the greeter's streams end with their requests")
  func requestsEnd() async throws {
    let ended = EndedCalls()
    let services: [any RegistrableRPCService] = [
      try ReflectionService(index: .ownServices()), GreeterService(pod: "pod-1"),
    ]
    try await withServicesOverTCP(services, interceptors: [ended]) { client in
      let greeter = Helloworld_Greeter.Client(wrapping: client)
      let more = AsyncStream<Never> { _ in }
      let reply = try await greeter.sayHelloBidiStream { writer in
        try await writer.write(.with { $0.name = "world" })
        // More never comes, and no end either.
        for await _ in more {}
      } onResponse: { response in
        try await response.messages.first { _ in true }?.message
      }
      #expect(reply == "Hello world from pod-1")
      await expectEventually("the handler has ended") { ended.count == 1 }
    }
  }
}
