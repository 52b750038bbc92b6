import GRPCCore
import Synchronization

/// Counts the calls of a test server, names the server in every response, and holds or fails calls
/// as the test wants it.
struct BehaviourInterceptor: ServerInterceptor {
  let server: TestServer
  let halt: Gate

  func intercept<Input: Sendable, Output: Sendable>(
    request: StreamingServerRequest<Input>,
    context: ServerContext,
    next:
      @Sendable (
        _ request: StreamingServerRequest<Input>, _ context: ServerContext
      ) async throws -> StreamingServerResponse<Output>
  ) async throws -> StreamingServerResponse<Output> {
    let call = RunningCall(
      server: self.server, halt: self.halt, context: context, metadata: request.metadata)
    do {
      try await call.pause()
      try call.fail(at: .trailersOnly)
      let response = try await next(request, context)
      return StreamingServerResponse(accepted: .success(call.wrap(try response.accepted.get())))
    } catch {
      call.end(hasFailed: true)
      throw call.naming(error)
    }
  }
}

/// One call that a test server is told how to answer.
private final class RunningCall: Sendable {
  private let server: TestServer
  private let halt: Gate
  private let context: ServerContext
  private let behaviour: ServerBehaviour
  private let hasEnded = Atomic(false)

  init(server: TestServer, halt: Gate, context: ServerContext, metadata: Metadata) {
    self.server = server
    self.halt = halt
    self.context = context
    self.behaviour = server.begin(
      ServerRecord.Call(
        method: context.descriptor.fullyQualifiedMethod, metadata: metadata,
        peer: context.remotePeer
      ))
  }

  // A response whose header block cannot be sent is dropped without a word.
  deinit {
    self.end(hasFailed: true)
  }

  func end(hasFailed: Bool) {
    if self.hasEnded.exchange(true, ordering: .acquiringAndReleasing) == false {
      self.server.end(hasFailed: hasFailed)
    }
  }

  /// Waits as long as the behaviour says.
  func pause() async throws {
    if self.behaviour.delay > .zero {
      let clock: any Clock<Duration> = ContinuousClock()
      let gate = Gate()
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { [delay = self.behaviour.delay] in
          try await clock.sleep(for: delay)
          gate.open()
        }
        try await self.wait(at: gate)
        group.cancelAll()
      }
    }
    try await self.wait(at: self.behaviour.gate)
  }

  private func wait(at gate: Gate?) async throws {
    guard let waiter = gate?.enter() else { return }
    await withRPCCancellationHandler {
      await withDiscardingTaskGroup { group in
        group.addTask {
          await self.halt.wait()
          waiter.leave()
        }
        await waiter.wait()
        group.cancelAll()
      }
    } onCancelRPC: { [server] in
      if !server.isQuiescing { waiter.leave() }
    }
    if self.context.cancellation.isCancelled && !self.server.isQuiescing {
      throw RPCError(code: .cancelled, message: "The client gave the call up.")
    }
    if self.halt.isOpen { throw RPCError(code: .unavailable, message: "The server stopped.") }
  }

  func fail(at place: ServerFailure.Place) throws {
    guard let failure = self.behaviour.failure, failure.place == place else { return }
    throw RPCError(
      code: failure.code, message: failure.message, metadata: self.behaviour.trailingMetadata)
  }

  func wrap<Message>(
    _ contents: StreamingServerResponse<Message>.Contents
  ) -> StreamingServerResponse<Message>.Contents {
    var wrapped = contents
    wrapped.metadata.add(contentsOf: self.behaviour.metadata)
    wrapped.metadata.addString(self.server.name, forKey: TestServer.nameKey)
    wrapped.producer = { writer in
      do {
        try self.fail(at: .afterMetadata)
        var trailers = try await contents.producer(writer)
        try await self.wait(at: self.behaviour.trailersGate)
        try self.fail(at: .afterMessages)
        trailers.add(contentsOf: self.behaviour.trailingMetadata)
        trailers.addString(self.server.name, forKey: TestServer.nameKey)
        self.end(hasFailed: false)
        return trailers
      } catch {
        self.end(hasFailed: true)
        throw self.naming(error)
      }
    }
    return wrapped
  }

  /// The error with the server's name in its metadata.
  func naming(_ error: any Error) -> any Error {
    guard var error = error as? RPCError else { return error }
    error.metadata.addString(self.server.name, forKey: TestServer.nameKey)
    return error
  }
}
