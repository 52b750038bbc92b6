#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Which kind of IP literal a text is.
package enum IPFamily: Sendable, Hashable, CaseIterable {
  case v4
  case v6

  /// `nil` if it is none. IPv6 without brackets, with a zone perhaps.
  package init?(of text: String) {
    var v4 = in_addr()
    var v6 = in6_addr()
    if inet_pton(AF_INET, text, &v4) == 1 {
      self = .v4
    } else if inet_pton(AF_INET6, String(text.prefix { $0 != "%" }), &v6) == 1 {
      self = .v6
    } else {
      return nil
    }
  }
}
