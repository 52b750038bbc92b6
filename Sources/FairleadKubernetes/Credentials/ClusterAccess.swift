/// How to reach one cluster's API server, and as whom. Safe to print: secrets do not show.
package struct ClusterAccess: Sendable, Hashable {
  package var server: ServerAddress
  package var trust: ServerTrust
  package var authentication: Authentication
  /// Shown to the server in the TLS handshake.
  package var certificate: ClientCertificate?
  package var proxy: ProxyAddress?
  /// Where names belong that say no namespace.
  package var namespace: String
  /// Where this was read, as words of a sentence: `~/.kube/config, context "prod"`.
  package var source: String

  package init(
    server: ServerAddress, trust: ServerTrust = ServerTrust(),
    authentication: Authentication = .none, certificate: ClientCertificate? = nil,
    proxy: ProxyAddress? = nil, namespace: String = "default", source: String
  ) {
    self.server = server
    self.trust = trust
    self.authentication = authentication
    self.certificate = certificate
    self.proxy = proxy
    self.namespace = namespace
    self.source = source
  }

  /// Which server certificates are good.
  package struct ServerTrust: Sendable, Hashable {
    /// Authorities, in PEM; `nil` for those of the system.
    package var authorities: [UInt8]?
    /// Where the authorities were read, for messages.
    package var authoritiesSource: String
    /// The name that the certificate must have; `nil` for the server's host.
    package var serverName: String?
    /// `insecure-skip-tls-verify` is the opposite.
    package var isVerified: Bool

    package init(
      authorities: [UInt8]? = nil, authoritiesSource: String = "the system's authorities",
      serverName: String? = nil, isVerified: Bool = true
    ) {
      self.authorities = authorities
      self.authoritiesSource = authoritiesSource
      self.serverName = serverName
      self.isVerified = isVerified
    }
  }

  /// What goes into the header `authorization`.
  package enum Authentication: Sendable, Hashable {
    case none
    case token(Secret)
    /// Read anew for each request, because it is replaced before it expires.
    case tokenFile(String)
    case basic(user: String, password: Secret)
    case exec(ExecPlugin)
  }

  /// A certificate of our own, in PEM.
  package struct ClientCertificate: Sendable, Hashable {
    package var chain: Secret
    package var key: Secret

    package init(chain: Secret, key: Secret) {
      self.chain = chain
      self.key = key
    }
  }

  /// Between us and the API server.
  package struct ProxyAddress: Sendable, Hashable {
    package var host: String
    package var port: Int
    package var isSOCKS: Bool

    package init(host: String, port: Int, isSOCKS: Bool = false) {
      self.host = host
      self.port = port
      self.isSOCKS = isSOCKS
    }
  }
}
