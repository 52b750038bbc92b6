extension ClientSecurity {
  /// What TLS connections are made with. The application protocol (ALPN) is always `h2`.
  ///
  /// Files are looked at for each new connection: one that changed is used from the next connection
  /// on. While a file is broken, half-written for example, the last good content stays in use.
  public struct TLS: Sendable, Hashable {
    /// Who may have signed the server's certificate: the system's authorities by default.
    public var trustRoots: TrustRoots
    /// What is shown to a server that asks who we are (mTLS); nothing by default.
    public var identity: Identity?
    /// The name that the server's certificate must have and that is sent as SNI, a DNS name; `nil`
    /// (the default) for the host of the target.
    public var serverHostname: String?
    /// What is checked of the server's certificate: everything by default.
    public var verification: Verification
    /// The oldest version that is spoken: TLS 1.2 by default.
    public var minimumVersion: Version
    /// Whether a server that does not agree on `h2` by ALPN is refused, as gRPC demands: `true` by
    /// default. `false` is for old servers behind proxies that end TLS without ALPN.
    public var requiresALPN: Bool

    /// - Parameters:
    ///   - trustRoots: who may have signed the server's certificate.
    ///   - identity: our certificate and its key, for mTLS.
    ///   - serverHostname: the server's name, if it is not the target's host.
    ///   - verification: what is checked of the server's certificate.
    ///   - minimumVersion: the oldest version that is spoken.
    ///   - requiresALPN: whether the server must agree on `h2`.
    public init(
      trustRoots: TrustRoots = .system, identity: Identity? = nil, serverHostname: String? = nil,
      verification: Verification = .full, minimumVersion: Version = .tls12,
      requiresALPN: Bool = true
    ) {
      self.trustRoots = trustRoots
      self.identity = identity
      self.serverHostname = serverHostname
      self.verification = verification
      self.minimumVersion = minimumVersion
      self.requiresALPN = requiresALPN
    }
  }

  /// Who may have signed a server's certificate.
  public enum TrustRoots: Sendable, Hashable {
    /// Whom the operating system trusts, as it was when the transport was made.
    case system
    /// These alone: one certificate or more.
    case pem(PEM)

    /// The certificates of a file in PEM.
    public static func file(_ path: String) -> TrustRoots { .pem(.file(path)) }
  }

  /// Who we are: a certificate and its private key.
  public struct Identity: Sendable, Hashable {
    /// Our certificate, then those between it and an authority that the server knows.
    public var certificateChain: PEM
    /// The certificate's key, without a passphrase.
    public var privateKey: PEM

    /// - Parameters:
    ///   - certificateChain: our certificate first.
    ///   - privateKey: its key, without a passphrase.
    public init(certificateChain: PEM, privateKey: PEM) {
      self.certificateChain = certificateChain
      self.privateKey = privateKey
    }

    /// Both from files in PEM.
    public static func files(certificateChain: String, privateKey: String) -> Identity {
      Identity(certificateChain: .file(certificateChain), privateKey: .file(privateKey))
    }
  }

  /// What is checked of a server's certificate.
  public enum Verification: Sendable, Hashable, CaseIterable {
    /// It is signed by a trusted authority, is valid now, and has the server's name, or its address
    /// if the target is one.
    case full
    /// As ``full``, but for any name: every server with a certificate of the authority is believed.
    case noHostname
    /// Nothing: whoever is between us and the server can read and change all calls.
    case insecureAcceptAnyCertificate
  }

  /// A version of TLS.
  public enum Version: Sendable, Hashable, CaseIterable {
    /// RFC 5246.
    case tls12
    /// RFC 8446.
    case tls13
  }
}

extension ClientSecurity.TLS: CustomStringConvertible {
  /// In words, without any secret.
  public var description: String {
    var words = ["TLS"]
    switch trustRoots {
    case .system: words.append("trusting the system's authorities")
    case .pem(let pem): words.append("trusting \(pem)")
    }
    if let identity {
      words.append("with the certificate of \(identity.certificateChain)")
    }
    if let serverHostname { words.append("for the name \(serverHostname)") }
    switch verification {
    case .full: break
    case .noHostname: words.append("for any name")
    case .insecureAcceptAnyCertificate: words.append("without verification")
    }
    return words.joined(separator: " ")
  }
}
