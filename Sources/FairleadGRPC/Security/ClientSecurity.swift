/// How connections to servers are secured: not at all, or with TLS.
///
/// Descriptions, mirrors and errors never hold a key or a certificate.
public struct ClientSecurity: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case plaintext
    case tls(TLS)
  }

  let kind: Kind

  /// No encryption and no proof of who the server is.
  public static let plaintext = ClientSecurity(kind: .plaintext)

  /// TLS that trusts what the system trusts and shows no certificate of its own.
  public static let tls = ClientSecurity.tls(TLS())

  /// TLS; mTLS if it has an identity.
  public static func tls(_ tls: TLS) -> ClientSecurity {
    ClientSecurity(kind: .tls(tls))
  }

  /// The `:scheme` of requests.
  var scheme: String {
    switch kind {
    case .plaintext: "http"
    case .tls: "https"
    }
  }
}

extension ClientSecurity: CustomStringConvertible {
  /// In words, without any secret.
  public var description: String {
    switch kind {
    case .plaintext: "plaintext"
    case .tls(let tls): tls.description
    }
  }
}
