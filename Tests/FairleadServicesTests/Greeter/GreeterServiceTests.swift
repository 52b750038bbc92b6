import FairleadServices
import GRPCCore
import Testing

@Suite("GreeterService")
struct GreeterServiceTests {
  private func podsNamed(in metadata: Metadata) -> [String] {
    Array(metadata[stringValues: GreeterService.podKey])
  }

  @Test("A reply names the pod in its message, its metadata and its trailers")
  func namesThePod() async throws {
    try await withServices([GreeterService(pod: "greeter-v1")]) { client in
      let greeter = Helloworld_Greeter.Client(wrapping: client)
      try await greeter.sayHello(.with { $0.name = "world" }) { response in
        let message = try response.message
        #expect(message.message == "Hello world from greeter-v1")
        #expect(self.podsNamed(in: response.metadata) == ["greeter-v1"])
        #expect(self.podsNamed(in: response.trailingMetadata) == ["greeter-v1"])
      }
    }
  }

  @Test("A streamed reply is ten messages, each naming the pod")
  func streams() async throws {
    try await withServices([GreeterService(pod: "p")]) { client in
      let greeter = Helloworld_Greeter.Client(wrapping: client)
      let messages = try await greeter.sayHelloStreamReply(.with { $0.name = "a" }) { response in
        try await response.messages.reduce(into: []) { $0.append($1.message) }
      }
      #expect(messages == Array(repeating: "Hello a from p", count: 10))
    }
  }

  @Test("A stream of names is answered name by name, before the next is sent")
  func conversation() async throws {
    try await withServices([GreeterService(pod: "p")]) { client in
      let greeter = Helloworld_Greeter.Client(wrapping: client)
      let (names, feed) = AsyncStream.makeStream(of: String.self)
      feed.yield("a")
      let messages = try await greeter.sayHelloBidiStream(
        request: StreamingClientRequest { writer in
          for await name in names {
            try await writer.write(.with { $0.name = name })
          }
        }
      ) { response in
        var messages: [String] = []
        for try await reply in response.messages {
          messages.append(reply.message)
          if messages.count == 1 { feed.yield("b") } else { feed.finish() }
        }
        return messages
      }
      #expect(messages == ["Hello a from p", "Hello b from p"])
    }
  }

  @Test("A call that the pod was told to fail is UNAVAILABLE and still names the pod")
  func failsOnRequest() async throws {
    let schedule = try #require(FailureSchedule(rate: 0.5))
    try await withServices([GreeterService(pod: "p", failing: schedule)]) { client in
      let greeter = Helloworld_Greeter.Client(wrapping: client)
      var outcomes: [Bool] = []
      for _ in 0..<4 {
        do {
          _ = try await greeter.sayHello(.with { $0.name = "a" })
          outcomes.append(true)
        } catch let error as RPCError {
          #expect(error.code == .unavailable)
          #expect(self.podsNamed(in: error.metadata) == ["p"])
          outcomes.append(false)
        }
      }
      #expect(outcomes == [true, false, true, false])
    }
  }
}
