/// A host, or an IP literal, and a port perhaps: `host`, `host:80`, `10.0.0.1:80`, `[::1]:80`, `::1`.
package struct HostAndPort: Sendable, Hashable {
  /// Without brackets.
  package var host: String
  /// What stands after the colon, `nil` if there is none: a number, or the name of a port.
  package var service: String?

  /// `nil` if there is no port, or it is a name.
  package var port: Int? { service.flatMap(Self.port) }

  package init?(_ text: some StringProtocol) {
    if text.hasPrefix("[") {
      guard let close = text.firstIndex(of: "]") else { return nil }
      host = String(text[text.index(after: text.startIndex)..<close])
      let rest = text[text.index(after: close)...]
      guard rest.isEmpty || rest.hasPrefix(":"), IPFamily(of: host) == .v6 else { return nil }
      service = rest.isEmpty ? nil : String(rest.dropFirst())
    } else if IPFamily(of: String(text)) == .v6 {
      (host, service) = (String(text), nil)
    } else {
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count <= 2 else { return nil }
      (host, service) = (String(parts[0]), parts.count == 2 ? String(parts[1]) : nil)
    }
    guard !host.isEmpty else { return nil }
    if let service {
      let isNumber = service.utf8.allSatisfy { (0x30...0x39).contains($0) }
      guard !service.isEmpty, isNumber ? Self.port(service) != nil : Self.isName(service) else {
        return nil
      }
    }
  }

  /// Digits alone: `+80` and `-1` are no ports.
  private static func port(_ text: String) -> Int? {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(text),
      (1...65535).contains(port)
    else { return nil }
    return port
  }

  /// Whether it can be the name of a port: letters, digits and hyphens, a letter among them (RFC 6335, section 5.1).
  private static func isName(_ text: String) -> Bool {
    let letters = text.utf8.filter { (0x61...0x7A).contains($0 | 0x20) }
    return !letters.isEmpty && !text.hasPrefix("-")
      && text.utf8.allSatisfy {
        (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 == 0x2D
      }
  }
}
