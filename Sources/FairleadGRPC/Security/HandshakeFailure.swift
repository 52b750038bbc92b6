import NIOSSL

/// Makes sentences of what goes wrong between TLS peers.
package enum HandshakeFailure {
  /// `nil` for an error that has nothing to do with TLS.
  ///
  /// - Parameter server: how the sentence calls the server.
  package static func describe(_ error: any Error, server: String) -> SecurityError? {
    switch error {
    case let error as SecurityError:
      error
    case let error as NIOSSLError:
      describe(error, "The server \(server)")
    case let error as BoringSSLError:
      describe(.handshakeFailed(error), "The server \(server)")
    case is NIOSSLExtraError:
      otherNames("The server \(server)")
    default:
      nil
    }
  }

  /// The certificate is good, for somebody else.
  static func otherNames(_ server: String) -> SecurityError {
    SecurityError(
      "\(server) has a certificate for other names; call it by one that it has, or set "
        + "serverHostname.")
  }

  private static func describe(_ error: NIOSSLError, _ server: String) -> SecurityError? {
    if case .uncleanShutdown = error { return nil }
    // BoringSSL's reasons are only there as text.
    let text = String(describing: error)
    if text.contains("CERTIFICATE_VERIFY_FAILED") || text.contains("unableToValidateCertificate") {
      return SecurityError(
        "\(server) has a certificate that is expired or not signed by a trusted authority; renew it, "
          + "or add its authority to trustRoots.")
    }
    if text.contains("CERTIFICATE_REQUIRED") {
      return SecurityError("\(server) wants a client certificate; set an identity.")
    }
    if text.contains("NO_APPLICATION_PROTOCOL") {
      return SecurityError("\(server) does not speak HTTP/2; let it offer h2 by ALPN.")
    }
    if text.contains("ALERT_PROTOCOL_VERSION") || text.contains("UNSUPPORTED_PROTOCOL") {
      return SecurityError(
        "\(server) speaks only versions of TLS that are too old; let it speak TLS 1.2 or 1.3.")
    }
    if text.contains("CERTIFICATE") || text.contains("UNKNOWN_CA") {
      return SecurityError(
        "\(server) does not accept our client certificate; renew it, or let an authority that the "
          + "server trusts sign it.")
    }
    if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") {
      return SecurityError("\(server) does not speak TLS; use plaintext, or check the port.")
    }
    return SecurityError("\(server) and we do not agree on TLS: \(reason(text)).")
  }

  /// BoringSSL's own word for it, without the numbers and paths around it.
  private static func reason(_ text: String) -> String {
    let words = text.split { !$0.isUppercase && !$0.isNumber && $0 != "_" }
    return words.last { $0.contains("_") }.map { $0.lowercased() } ?? "the handshake failed"
  }
}
