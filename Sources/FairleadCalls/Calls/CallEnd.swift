import FairleadGRPC
import GRPCCore

/// How a call ended.
package struct CallEnd: Sendable {
  package var code: Status.Code
  package var message: String
  package var trailers: Metadata
  /// The server's address; nil if no server was reached.
  package var peer: String?
  /// Messages.
  package var sent = 0
  /// Messages.
  package var received = 0

  package init(
    code: Status.Code, message: String = "", trailers: Metadata = [:], peer: String? = nil
  ) {
    self.code = code
    self.message = message
    self.trailers = trailers
    self.peer = peer
  }

  /// - Parameter received: How many messages came before.
  init(_ error: RPCError, peer: String?, received: Int) {
    self.init(
      code: Status.Code(error.code), message: TransportWords.plain(error, received: received),
      trailers: error.metadata, peer: peer)
  }
}
