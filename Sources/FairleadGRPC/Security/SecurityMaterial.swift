/// All that a TLS context is made of, as it was read at one moment.
struct SecurityMaterial: Sendable, Equatable {
  var trustRoots: [UInt8]?
  var certificateChain: [UInt8]?
  var privateKey: [UInt8]?

  /// Reads the files.
  init(_ tls: ClientSecurity.TLS) throws(SecurityError) {
    if case .pem(let pem) = tls.trustRoots {
      trustRoots = try SecurityFile.read(pem, role: Role.trustRoots)
    }
    if let identity = tls.identity {
      certificateChain = try SecurityFile.read(
        identity.certificateChain, role: Role.certificateChain)
      privateKey = try SecurityFile.read(identity.privateKey, role: Role.privateKey)
    }
  }

  /// How errors name each part.
  enum Role {
    static let trustRoots = "The authorities' certificate"
    static let certificateChain = "The client's certificate"
    static let privateKey = "The client's private key"
  }
}
