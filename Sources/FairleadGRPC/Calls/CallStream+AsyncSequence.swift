import GRPCCore

extension CallStream: AsyncSequence {
  typealias Element = Part
  typealias Failure = any Error

  /// Ends with the status of the call's last attempt. A class, as grpc-swift would put a struct of this size into a box, and copy the box.
  final class AsyncIterator: AsyncIteratorProtocol {
    private let call: CallStream
    private var base: Inbound.AsyncIterator

    init(_ call: CallStream) {
      self.call = call
      base = call.inbound.makeAsyncIterator()
    }

    func next() async throws -> Part? {
      try await next(isolation: nil)
    }

    func next(isolation actor: isolated (any Actor)?) async throws -> Part? {
      guard let part = try await base.next(isolation: actor) else { return nil }
      switch part {
      case .metadata:
        call.commit()
        return part
      case .message(let bytes):
        call.bytesReceived.wrappingAdd(bytes.count, ordering: .relaxed)
        return part
      case .status(let status, let metadata):
        guard let reason = call.unprocessed(status) else {
          call.ended(status, metadata)
          return part
        }
        if let again = await call.restart(reason) {
          base = again.makeAsyncIterator()
          return try await next(isolation: actor)
        }
        let refusal = call.refusal
        call.ended(refusal, metadata)
        return .status(refusal, metadata)
      }
    }
  }

  func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }
}
