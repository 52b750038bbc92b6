import NIOSSL

/// Whom a certificate is for, as its subject alternative names say (RFC 5280, section 4.2.1.6).
struct CertificateNames: Sendable, Hashable {
  /// In lower case, without a dot at their ends.
  var names: [String] = []
  var hasAddresses = false

  init(names: [String], hasAddresses: Bool) {
    self.names = names.map(Self.normal)
    self.hasAddresses = hasAddresses
  }

  init(_ certificate: NIOSSLCertificate) {
    for name in certificate._subjectAlternativeNames() {
      switch name.nameType {
      case .dnsName: names.append(Self.normal(String(decoding: name.contents, as: UTF8.self)))
      case .ipAddress: hasAddresses = true
      case _: break
      }
    }
  }

  /// Whether a server may go by this DNS name. Only a certificate with addresses is looked at: for others,
  /// NIOSSL has compared the name and nothing else.
  func allow(_ name: String) -> Bool {
    guard hasAddresses else { return true }
    let name = Self.normal(name)
    return names.contains { Self.matches($0, name) }
  }

  /// An asterisk stands for the whole first label (RFC 9525, section 6.3).
  private static func matches(_ pattern: String, _ name: String) -> Bool {
    guard pattern.hasPrefix("*."), let dot = name.firstIndex(of: ".") else {
      return pattern == name
    }
    return dot != name.startIndex && !name.hasPrefix("xn--") && pattern.dropFirst() == name[dot...]
  }

  private static func normal(_ name: String) -> String {
    let name = name.lowercased()
    return name.hasSuffix(".") ? String(name.dropLast()) : name
  }
}
