import FairleadDiscovery
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Synchronization

/// Turns resolutions into the results of one iterator. Safe to use from any thread.
final class NameFeed: Sendable {
  typealias Continuation = AsyncThrowingStream<NameResolutionResult, any Error>.Continuation

  private let target: String
  private let continuation: Continuation
  private let last = Mutex<NameResolutionResult?>(nil)

  init(target: String, continuation: Continuation) {
    self.target = target
    self.continuation = continuation
  }

  /// Tells the endpoints. grpc-swift ignores an answer without any and keeps what it has; so an
  /// iterator that told some stays silent then, and one that told none throws, for calls to fail.
  func take(_ resolution: Resolution) {
    let endpoints = resolution.eligible.endpoints.map {
      Endpoint(addresses: [$0.address.socketAddress])
    }
    last.withLock { last in
      if !endpoints.isEmpty {
        let result = NameResolutionResult(endpoints: endpoints, serviceConfig: nil)
        last = result
        continuation.yield(result)
      } else if last == nil {
        let failure = resolution.failure.map { RPCError($0) }
        continuation.finish(throwing: failure ?? nobody)
      }
    }
  }

  /// Tells the last answer once more.
  func tellAgain() {
    last.withLock { last in
      if let last { continuation.yield(last) }
    }
  }

  private var nobody: RPCError {
    RPCError(
      code: .unavailable,
      message: "The target \(target) has no endpoints; check that its servers are ready.")
  }
}

extension RPCError {
  init(_ failure: ResolutionFailure) {
    self.init(code: .unavailable, message: failure.message)
  }
}
