import GRPCCore
import Synchronization

/// Who the server of a call is: noted while the call runs, by ``PeerInterceptor``.
final class PeerNote: Sendable {
  /// Where the calls of this task are noted.
  @TaskLocal static var current: PeerNote?

  private let peer = Mutex<String?>(nil)

  /// `10.0.0.1:80`, `[::1]:80` or `unix:/path`; nil as long as the call has no connection.
  var address: String? { self.peer.withLock { $0 } }

  func note(_ peer: String) {
    var address = peer[...]
    for family in ["ipv4:", "ipv6:"] where address.hasPrefix(family) {
      address = address.dropFirst(family.count)
    }
    self.peer.withLock { $0 = String(address) }
  }
}

/// Lets calls know which server they go to, which grpc-swift tells to interceptors alone.
package struct PeerInterceptor: ClientInterceptor {
  package init() {}

  package func intercept<Input: Sendable, Output: Sendable>(
    request: StreamingClientRequest<Input>, context: ClientContext,
    next: (
      _ request: StreamingClientRequest<Input>, _ context: ClientContext
    ) async throws -> StreamingClientResponse<Output>
  ) async throws -> StreamingClientResponse<Output> {
    PeerNote.current?.note(context.remotePeer)
    return try await next(request, context)
  }
}
