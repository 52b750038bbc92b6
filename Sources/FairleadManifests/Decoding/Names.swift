/// Kubernetes' rules for names (RFC 1123, RFC 1035) and host names.
enum Names {
  /// A DNS label: lower-case letters, digits and `-`, at most 63, no `-` at either end.
  static func isLabel(_ text: some StringProtocol) -> Bool {
    let bytes = Substring(text).utf8
    guard let first = bytes.first, let last = bytes.last, bytes.count <= 63 else { return false }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && bytes.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
  }

  /// A DNS subdomain: labels with dots between, at most 253 in all.
  static func isSubdomain(_ text: some StringProtocol) -> Bool {
    guard text.utf8.count <= 253 else { return false }
    return Substring(text).split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
      part in
      guard let first = part.utf8.first, let last = part.utf8.last else { return false }
      return isAlphanumeric(first) && isAlphanumeric(last)
        && part.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    }
  }

  /// A host as Istio's rules name one: a name in any case, `*`, or `*.` before a name.
  static func isHost(_ text: String) -> Bool {
    if text == "*" { return true }
    let rest = text.hasPrefix("*.") ? text.dropFirst(2) : Substring(text)
    return isSubdomain(rest.lowercased())
  }

  /// A port's name: at most 15 lower-case letters, digits and single `-`, with at least one letter
  /// (RFC 6335).
  static func isPortName(_ text: String) -> Bool {
    text.utf8.count <= 15 && isLabel(text) && !text.contains("--")
      && text.utf8.contains { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
