import NIOSSL

extension SecurityMaterial {
  /// Makes the context. Costs milliseconds and reads the system's authorities.
  func context(_ tls: ClientSecurity.TLS) throws(SecurityError) -> NIOSSLContext {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.applicationProtocols = ["h2"]
    // Many servers never answer `close_notify`. HTTP/2 needs no answer: GOAWAY and the ends of streams
    // have told that nothing is cut off.
    configuration.shutdownTimeout = .milliseconds(250)
    configuration.minimumTLSVersion =
      switch tls.minimumVersion {
      case .tls12: .tlsv12
      case .tls13: .tlsv13
      }
    configuration.certificateVerification =
      switch tls.verification {
      case .full: .fullVerification
      case .noHostname: .noHostnameVerification
      case .insecureAcceptAnyCertificate: .none
      }
    if let trustRoots, case .pem(let pem) = tls.trustRoots {
      configuration.trustRoots = .certificates(
        try Self.certificates(trustRoots, role: Role.trustRoots, from: pem))
    }
    if let identity = tls.identity, let certificateChain, let privateKey {
      let chain = try Self.certificates(
        certificateChain, role: Role.certificateChain, from: identity.certificateChain)
      let key = try Self.key(privateKey, from: identity.privateKey)
      configuration.certificateChain = chain.map { .certificate($0) }
      configuration.privateKey = .privateKey(key)
    }
    do {
      return try NIOSSLContext(configuration: configuration)
    } catch {
      throw tls.identity.map(Self.mismatch)
        ?? SecurityError("No TLS context can be made; check the system's authorities.")
    }
  }

  private static func certificates(
    _ bytes: [UInt8], role: String, from pem: PEM
  ) throws(SecurityError) -> [NIOSSLCertificate] {
    guard let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes), !certificates.isEmpty
    else {
      throw SecurityError("\(role) is not valid PEM, \(pem); write its certificates there, whole.")
    }
    return certificates
  }

  private static func key(
    _ bytes: [UInt8], from pem: PEM
  ) throws(SecurityError) -> NIOSSLPrivateKey {
    if let key = try? NIOSSLPrivateKey(bytes: bytes, format: .pem) { return key }
    let isEncrypted = String(decoding: bytes.prefix(4096), as: UTF8.self).contains("ENCRYPTED")
    throw SecurityError(
      isEncrypted
        ? "\(Role.privateKey) has a passphrase, \(pem); store it without one."
        : "\(Role.privateKey) is not valid PEM, \(pem); write the key there, whole.")
  }

  /// What is left that can go wrong when both could be read.
  private static func mismatch(_ identity: ClientSecurity.Identity) -> SecurityError {
    SecurityError(
      "\(Role.certificateChain) does not go with its private key, \(identity.certificateChain) and "
        + "\(identity.privateKey); name the key that the certificate was made for.")
  }
}
