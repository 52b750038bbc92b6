import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// A stream whose scope a task of the channel keeps open until ``end()``, for a call that is inside of
/// another stream's scope.
struct HeldStream: Sendable {
  let stream: RPCStream<CallStream.Inbound, CallStream.Outbound>
  let lease: Lease<WrappedChannel>
  let ending: AsyncStream<Never>.Continuation

  /// The stream may close. May be called more than once.
  func end() {
    ending.finish()
  }
}
