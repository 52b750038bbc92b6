import FairleadGRPC
import NIOSSL

/// Makes a sentence of why there is no connection.
enum ConnectionFault {
  /// - Parameter error: what the socket, TLS or the session said; `nil` if the server just closed.
  static func sentence(_ error: (any Error)?, settings: LoadConnectionSettings) -> String {
    let server = settings.address.description
    guard let error, !isCut(error) else {
      return settings.isSecure
        ? "The server \(server) closed the connection before it said anything in HTTP/2; check the port, "
          + "or give --cert and --key if it wants a client certificate."
        : "The server \(server) closed the connection before it said anything in HTTP/2; check the "
          + "port, or leave out --plaintext if it wants TLS."
    }
    if let fault = error as? SessionFault { return fault.sentence(settings) }
    if let failure = HandshakeFailure.describe(error, server: server) { return failure.message }
    return
      "Cannot connect to \(server): \(ConnectionProblem.words(of: error)); check the address, and "
      + "that the server runs."
  }

  /// TLS ended without a word, as servers end it that mind a missing certificate.
  private static func isCut(_ error: any Error) -> Bool {
    if case NIOSSLError.uncleanShutdown = error { return true }
    return false
  }
}
