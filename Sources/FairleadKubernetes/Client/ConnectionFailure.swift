import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix
import NIOSSL

/// Makes sentences of what goes wrong before there is an answer.
enum ConnectionFailure {
  static func describe(_ error: any Error, access: ClusterAccess) -> KubernetesFailure {
    let server = "The API server at \(access.server)"
    switch error {
    case let error as NIOSSLError:
      return certificate(error, server: server, access: access)
    case let error as NIOSSLExtraError:
      return name(error, server: server, access: access)
    case let error as BoringSSLError:
      return certificate(.handshakeFailed(error), server: server, access: access)
    default:
      return KubernetesFailure(
        .unreachable,
        "\(server) cannot be reached: \(reason(error)); check that it runs and that the address in "
          + "\(access.source) is right.")
    }
  }

  private static func certificate(
    _ error: NIOSSLError, server: String, access: ClusterAccess
  ) -> KubernetesFailure {
    let text = String(describing: error)
    if text.contains("CERTIFICATE_VERIFY_FAILED") || text.contains("unableToValidateCertificate") {
      return KubernetesFailure(
        .certificate,
        "\(server) has a certificate that is expired or not signed by \(access.trust.authoritiesSource)"
          + "; renew the certificate, or put the cluster's authority there.")
    }
    if text.contains("ALERT") {
      return KubernetesFailure(
        .certificate,
        "\(server) does not accept the client certificate of \(access.source); renew it.")
    }
    if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") {
      return KubernetesFailure(
        .certificate,
        "\(server) does not speak TLS; check the server's address in \(access.source).")
    }
    if case .uncleanShutdown = error {
      return KubernetesFailure(.unreachable, "\(server) cut the connection.")
    }
    return KubernetesFailure(
      .certificate,
      "\(server) and we do not agree on TLS; check the server's address in \(access.source).")
  }

  private static func name(
    _ error: NIOSSLExtraError, server: String, access: ClusterAccess
  ) -> KubernetesFailure {
    KubernetesFailure(
      .certificate,
      "\(server) has a certificate for other names than "
        + "\"\(access.trust.serverName ?? access.server.host)\"; set tls-server-name in "
        + "\(access.source) to one that it has.")
  }

  /// As words in a sentence.
  private static func reason(_ error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError:
      if error.dnsAError != nil || error.dnsAAAAError != nil { return "its name is not known" }
      return error.connectionErrors.first.map { reason($0.error) } ?? "no connection"
    case let error as IOError:
      return String(cString: strerror(error.errnoCode)).lowercased()
    case let error as HTTPClientError:
      return words(error)
    case is ChannelError:
      return "it does not answer in time"
    default:
      return "the connection failed"
    }
  }

  private static func words(_ error: HTTPClientError) -> String {
    switch error {
    case .connectTimeout, .getConnectionFromPoolTimeout, .deadlineExceeded, .readTimeout,
      .tlsHandshakeTimeout, .httpProxyHandshakeTimeout, .socksHandshakeTimeout:
      "it does not answer in time"
    case .remoteConnectionClosed, .uncleanShutdown: "it cut the connection"
    case .invalidProxyResponse, .proxyAuthenticationRequired: "the proxy refuses"
    case .cancelled: "the request was given up"
    default: error.shortDescription.lowercased()
    }
  }
}
