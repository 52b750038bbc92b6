import NIOSSL

extension ClusterAccess {
  /// - Parameter certificate: our own, which a plugin may have made.
  func tlsConfiguration(
    certificate: ClientCertificate?
  ) throws(KubernetesFailure) -> TLSConfiguration {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.minimumTLSVersion = .tlsv12
    if !trust.isVerified {
      tls.certificateVerification = .none
    } else if let bytes = trust.authorities {
      tls.trustRoots = .certificates(try authorities(bytes))
    }
    guard let certificate else { return tls }
    do {
      let chain = try NIOSSLCertificate.fromPEMBytes([UInt8](certificate.chain.value.utf8))
      let key = try NIOSSLPrivateKey(bytes: [UInt8](certificate.key.value.utf8), format: .pem)
      tls.certificateChain = chain.map { .certificate($0) }
      tls.privateKey = .privateKey(key)
    } catch {
      throw KubernetesFailure(
        .credentials,
        "The client certificate or its key from \(source) is not valid PEM; renew them.")
    }
    return tls
  }

  private func authorities(_ bytes: [UInt8]) throws(KubernetesFailure) -> [NIOSSLCertificate] {
    let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes)
    guard let certificates, !certificates.isEmpty else {
      throw KubernetesFailure(
        .credentials,
        "There is no certificate in PEM in \(trust.authoritiesSource), which is to verify the API "
          + "server; put the cluster's authority there.")
    }
    return certificates
  }
}
