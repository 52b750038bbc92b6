#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// An IPv4 or IPv6 address as text.
enum IPLiteral {
  enum Family: Sendable {
    case v4
    case v6
  }

  /// The family of an address literal without brackets and zone; `nil` if it is none.
  static func family(of text: String) -> Family? {
    // A NUL would end the C string early and let what follows it pass.
    guard text.utf8.count <= 45, !text.utf8.contains(0) else { return nil }
    var v4 = in_addr()
    if inet_pton(AF_INET, text, &v4) == 1 { return .v4 }
    var v6 = in6_addr()
    if inet_pton(AF_INET6, text, &v6) == 1 { return .v6 }
    return nil
  }
}
