import FairleadGRPC

extension ProbeOptions {
  /// How the connection is made safe.
  var security: ClientSecurity {
    guard let tls = self.tls else { return .plaintext }
    var security = ClientSecurity.TLS()
    if let authorities = tls.authorities { security.trustRoots = .file(authorities) }
    if let certificate = tls.certificate, let key = tls.key {
      security.identity = .files(certificateChain: certificate, privateKey: key)
    }
    security.serverHostname = tls.serverName
    if !tls.isVerified { security.verification = .insecureAcceptAnyCertificate }
    return .tls(security)
  }

  /// A sentence of the client library about its settings, about our flags.
  static func inFlags(_ sentence: String) -> String {
    let words = [
      ("add its authority to trustRoots", "give its authority with -tls-ca-cert"),
      ("set an identity", "give one with -tls-client-cert and -tls-client-key"),
      ("or set serverHostname", "or give one with -tls-server-name"),
      ("set serverHostname to", "give with -tls-server-name"),
      ("use plaintext", "leave out -tls"),
      (
        "whether it wants TLS or a client certificate",
        "whether it wants -tls or -tls-client-cert"
      ),
    ]
    return words.reduce(sentence) { $0.replacing($1.0, with: $1.1) }
  }

  /// What was asked for, as `-v` shows it: values that prove who somebody is are hidden.
  var lines: [String] {
    var lines = [
      "parsed options:",
      "> addr=\(self.addressText) conn_timeout=\(self.connectTimeout) rpc_timeout=\(self.rpcTimeout)",
    ]
    if !self.headers.isEmpty {
      let headers = self.headers.map { header in
        let value = MetadataText.isSecret(header.name) ? MetadataText.hidden : header.value
        return "\(header.name):\(value)"
      }
      lines.append("> headers: \(headers.joined(separator: " "))")
    }
    lines.append("> tls=\(self.tls != nil)")
    if let tls = self.tls {
      lines += [
        "  > no-verify=\(!tls.isVerified)", "  > ca-cert=\(tls.authorities ?? "")",
        "  > client-cert=\(tls.certificate ?? "")", "  > client-key=\(tls.key ?? "")",
        "  > server-name=\(tls.serverName ?? "")",
      ]
    }
    return lines
  }
}
