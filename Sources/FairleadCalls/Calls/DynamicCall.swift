import FairleadDescriptors
import FairleadGRPC
import GRPCCore
import Synchronization

/// One call of a method that is known by its descriptor alone. Messages are bytes.
package struct DynamicCall: Sendable {
  /// Sends one message; it waits as long as the server takes none.
  package typealias Send = @Sendable ([UInt8]) async throws -> Void

  private let client: GRPCClient<BalancedTransport>
  private let method: FairleadDescriptors.MethodDescriptor
  private let metadata: Metadata
  private let options: CallOptions
  private let maximumMessageSize: Int

  /// - Parameters:
  ///   - client: Has a ``PeerInterceptor``, and runs as long as the call.
  ///   - timeout: The call's deadline; nil for none.
  ///   - maximumMessageSize: Bytes of one response.
  package init(
    client: GRPCClient<BalancedTransport>, method: FairleadDescriptors.MethodDescriptor,
    metadata: Metadata, timeout: Duration?, maximumMessageSize: Int
  ) {
    self.client = client
    self.method = method
    self.metadata = metadata
    var options = CallOptions.defaults
    options.timeout = timeout
    options.limitMessages(to: maximumMessageSize)
    self.options = options
    self.maximumMessageSize = maximumMessageSize
  }

  /// Makes the call.
  ///
  /// - Parameters:
  ///   - requests: Sends all requests and returns; it is cancelled if the call ends before that.
  ///   - observe: Is told of what comes back, one after the other; the server is held back meanwhile.
  /// - Returns: The end that the server or the transport gave it.
  /// - Throws: What `requests` or `observe` throws, in place of how that ended the call.
  package func run(
    requests: @escaping @Sendable (Send) async throws -> Void,
    observe: @escaping @Sendable (CallEvent) async throws -> Void
  ) async throws -> CallEnd {
    let note = PeerNote()
    let log = CallLog()
    let result = await Result<CallEnd, any Error>.catching {
      try await PeerNote.$current.withValue(note) {
        try await self.client.bidirectionalStreaming(
          request: self.request(requests, log),
          descriptor: self.descriptor, serializer: BytesSerializer(),
          deserializer: BytesDeserializer(), options: self.options
        ) { response in
          try await self.consume(response, note, log, observe)
        }
      }
    }
    if let problem = log.problem { throw problem }
    var end: CallEnd
    switch result {
    case .success(let value): end = value
    case .failure(let error as RPCError):
      end = self.end(error, peer: note.address, received: log.counts.received)
    case .failure(let error): throw error
    }
    (end.sent, end.received) = log.counts
    return end
  }

  private func request(
    _ requests: @escaping @Sendable (Send) async throws -> Void, _ log: CallLog
  ) -> StreamingClientRequest<[UInt8]> {
    StreamingClientRequest(metadata: self.metadata) { writer in
      do {
        try await requests { message in
          do {
            try await writer.write(message)
          } catch {
            // The call is over: its end says why.
            throw CancellationError()
          }
          log.sent()
        }
      } catch is CancellationError {
        // An error here would take the place of the server's status.
      } catch {
        log.fail(error)
        throw error
      }
    }
  }

  private func consume(
    _ response: StreamingClientResponse<[UInt8]>, _ note: PeerNote, _ log: CallLog,
    _ observe: @Sendable (CallEvent) async throws -> Void
  ) async throws -> CallEnd {
    do {
      let contents = try response.accepted.get()
      try await self.tell(.headers(contents.metadata, peer: note.address ?? ""), observe, log)
      var trailers = Metadata()
      for try await part in contents.bodyParts {
        switch part {
        case .message(let message):
          log.received()
          // Without this a server could go on for ever where one message is due.
          if !self.method.isServerStreaming, log.counts.received > 1 {
            return CallEnd(
              code: .internalError,
              message: "The server answers with more than the one message that the method has.",
              peer: note.address)
          }
          try await self.tell(.message(message), observe, log)
        case .trailingMetadata(let metadata): trailers = metadata
        }
      }
      return self.end(trailers, peer: note.address, received: log.counts.received)
    } catch let error as RPCError {
      return self.end(error, peer: note.address, received: log.counts.received)
    }
  }

  private func end(_ error: RPCError, peer: String?, received: Int) -> CallEnd {
    guard error.isTooLarge else { return CallEnd(error, peer: peer, received: received) }
    return CallEnd(
      code: .resourceExhausted,
      message: "The server's message is larger than the limit of \(self.maximumMessageSize) bytes.",
      peer: peer)
  }

  private func tell(
    _ event: CallEvent, _ observe: (CallEvent) async throws -> Void, _ log: CallLog
  ) async throws {
    do {
      try await observe(event)
    } catch {
      log.fail(error)
      throw error
    }
  }

  /// The end of a call that the server says went well.
  private func end(_ trailers: Metadata, peer: String?, received: Int) -> CallEnd {
    if !self.method.isServerStreaming, received != 1 {
      return CallEnd(
        code: .internalError,
        message: "The server answered OK with \(received) messages, where the method has one.",
        trailers: trailers, peer: peer)
    }
    return CallEnd(code: .ok, trailers: trailers, peer: peer)
  }

  private var descriptor: GRPCCore.MethodDescriptor {
    let type: GRPCCore.MethodDescriptor.RPCType =
      switch (self.method.isClientStreaming, self.method.isServerStreaming) {
      case (false, false): .unary
      case (true, false): .clientStreaming
      case (false, true): .serverStreaming
      case (true, true): .bidirectionalStreaming
      }
    return GRPCCore.MethodDescriptor(
      fullyQualifiedService: self.method.service, method: self.method.name, type: type)
  }
}

extension CallOptions {
  /// Bounds what is kept of one response.
  mutating func limitMessages(to size: Int) {
    self.maxResponseMessageBytes = size
    // What grpc-swift's transport bounds responses by.
    self.maxRequestMessageBytes = size
  }
}

extension RPCError {
  /// Whether it is grpc-swift's refusal of a response that is too large, which has gRPC's code for that
  /// in its text alone. A server that refuses our request with the same words sends trailers with them.
  fileprivate var isTooLarge: Bool {
    self.code == .internalError && self.metadata.isEmpty
      && self.message.contains("maximum payload size")
  }
}

extension Result where Failure == any Error {
  fileprivate static func catching(_ body: () async throws -> Success) async -> Self {
    do {
      return .success(try await body())
    } catch {
      return .failure(error)
    }
  }
}
