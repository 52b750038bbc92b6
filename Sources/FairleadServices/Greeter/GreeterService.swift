import GRPCCore
import Synchronization

/// `helloworld.Greeter` as one pod serves it: every answer names the pod.
///
/// A reply reads `Hello <name> from <pod>`. The pod's name is also in the metadata `x-pod`, at the
/// start and at the end of each response and on each error, so that a client can count calls by pod
/// whatever the outcome.
package struct GreeterService: Sendable {
  /// How many replies `SayHelloStreamReply` sends.
  package static let streamedReplies = 10

  /// The metadata key that carries the pod's name.
  package static let podKey = "x-pod"

  /// The name this pod answers with.
  package let pod: String

  /// How long each reply is held back.
  package let delay: Duration

  private let clock: any Clock<Duration>
  private let failures: FailureLedger

  /// - Parameters:
  ///   - pod: The name to answer with.
  ///   - delay: How long each reply is held back; for a streamed reply, each message.
  ///   - failing: Which calls fail with `UNAVAILABLE` instead of answering.
  ///   - clock: What `delay` is measured on.
  package init(
    pod: String,
    delay: Duration = .zero,
    failing: FailureSchedule = .never,
    clock: any Clock<Duration> = ContinuousClock()
  ) {
    self.pod = pod
    self.delay = delay
    self.clock = clock
    self.failures = FailureLedger(failing)
  }

  private var podMetadata: Metadata {
    var metadata = Metadata()
    metadata.addString(self.pod, forKey: Self.podKey)
    return metadata
  }

  private func reply(to request: Helloworld_HelloRequest) -> Helloworld_HelloReply {
    Helloworld_HelloReply.with { $0.message = "Hello \(request.name) from \(self.pod)" }
  }

  private func pause() async throws {
    if self.delay > .zero {
      try await self.clock.sleep(for: self.delay)
    }
  }

  /// Throws for the calls that this pod was told to fail.
  private func admit() throws {
    guard self.failures.nextFails() else { return }
    throw RPCError(
      code: .unavailable,
      message: "\(self.pod) was told to fail this call.",
      metadata: self.podMetadata
    )
  }
}

extension GreeterService: Helloworld_Greeter.ServiceProtocol {
  package func sayHello(
    request: ServerRequest<Helloworld_HelloRequest>,
    context: ServerContext
  ) async throws -> ServerResponse<Helloworld_HelloReply> {
    try self.admit()
    try await self.pause()
    return ServerResponse(
      message: self.reply(to: request.message),
      metadata: self.podMetadata,
      trailingMetadata: self.podMetadata
    )
  }

  package func sayHelloStreamReply(
    request: ServerRequest<Helloworld_HelloRequest>,
    context: ServerContext
  ) async throws -> StreamingServerResponse<Helloworld_HelloReply> {
    try self.admit()
    return StreamingServerResponse(metadata: self.podMetadata) { writer in
      for _ in 0..<Self.streamedReplies {
        try await self.pause()
        try await writer.write(self.reply(to: request.message))
      }
      return self.podMetadata
    }
  }

  package func sayHelloBidiStream(
    request: StreamingServerRequest<Helloworld_HelloRequest>,
    context: ServerContext
  ) async throws -> StreamingServerResponse<Helloworld_HelloReply> {
    try self.admit()
    return StreamingServerResponse(metadata: self.podMetadata) { writer in
      for try await message in request.messages {
        try await self.pause()
        try await writer.write(self.reply(to: message))
      }
      return self.podMetadata
    }
  }
}

/// The failure schedule that all calls of one pod share.
private final class FailureLedger: Sendable {
  private let schedule: Mutex<FailureSchedule>

  init(_ schedule: FailureSchedule) {
    self.schedule = Mutex(schedule)
  }

  func nextFails() -> Bool {
    self.schedule.withLock { $0.nextFails() }
  }
}
