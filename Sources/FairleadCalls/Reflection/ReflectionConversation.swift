import FairleadDescriptors
import FairleadGRPC
import GRPCCore
import GRPCProtobuf

/// Streams of questions and answers with one server.
struct ReflectionConversation: Sendable {
  let client: GRPCClient<BalancedTransport>
  let metadata: Metadata
  let time: ReflectionTime
  /// Bytes of one answer.
  let maximumAnswerSize: Int

  /// One question and its answer.
  func ask(
    _ question: ReflectionInquiry.Question, _ version: ReflectionVersion
  ) async throws -> ReflectionInquiry.Answer {
    try await self.stream([question], version) { answers, _ in
      for try await answer in answers { return answer }
      throw Self.unanswered
    }
  }

  /// Asks all that an inquiry wants to know.
  func learn(
    _ inquiry: ReflectionInquiry, _ version: ReflectionVersion
  ) async throws -> ReflectionInquiry {
    var started = inquiry
    let first = started.start()
    let begun = started
    return try await self.stream(first, version) { answers, ask in
      var inquiry = begun
      for try await answer in answers {
        for question in try inquiry.received(answer) { ask(question) }
        if inquiry.isOver { return inquiry }
      }
      throw Self.unanswered
    }
  }

  private static let unanswered = DescriptorProblem(
    "The server ended its reflection without an answer; give --proto or --protoset.")

  private typealias Asking = @Sendable (ReflectionInquiry.Question) -> Void

  private func stream<Result: Sendable>(
    _ first: [ReflectionInquiry.Question], _ version: ReflectionVersion,
    _ body:
      @escaping @Sendable (
        RPCAsyncSequence<ReflectionInquiry.Answer, any Error>, Asking
      ) async throws -> Result
  ) async throws -> Result {
    // Bounded by the inquiry's limits.
    let (questions, asking) = AsyncStream.makeStream(of: ReflectionInquiry.Question.self)
    for question in first { asking.yield(question) }
    defer { asking.finish() }
    let note = PeerNote()
    do {
      return try await PeerNote.$current.withValue(note) {
        try await self.time.spend { limit in
          try await self.stream(questions, asking, version, limit, body)
        }
      }
    } catch let error as RPCError where error.code == .unavailable {
      // Of one that was not reached, the channel has said all.
      guard let peer = note.address else { throw error }
      let words = TransportWords.plain(error).prefix(1000)
      throw DescriptorProblem(
        "The server \(peer) does not say what it serves: UNAVAILABLE: "
          + (words.hasSuffix(".") ? words : "\(words)."))
    }
  }

  private func stream<Result: Sendable>(
    _ questions: AsyncStream<ReflectionInquiry.Question>,
    _ asking: AsyncStream<ReflectionInquiry.Question>.Continuation,
    _ version: ReflectionVersion, _ limit: Duration,
    _ body:
      @escaping @Sendable (
        RPCAsyncSequence<ReflectionInquiry.Answer, any Error>, Asking
      ) async throws -> Result
  ) async throws -> Result {
    var options = CallOptions.defaults
    options.timeout = limit
    options.limitMessages(to: self.maximumAnswerSize)
    return try await self.client.bidirectionalStreaming(
      request: StreamingClientRequest(metadata: self.metadata) { writer in
        for await question in questions { try await writer.write(question) }
      },
      descriptor: version.method,
      serializer: ProtobufSerializer<ReflectionInquiry.Question>(),
      deserializer: ProtobufDeserializer<ReflectionInquiry.Answer>(),
      options: options
    ) { response in
      let result = try await body(response.messages) { asking.yield($0) }
      asking.finish()
      return result
    }
  }
}
