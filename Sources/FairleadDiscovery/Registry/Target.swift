/// What a user names to get endpoints of, in gRPC's syntax: `scheme://authority/endpoint`,
/// `scheme:endpoint`, or only the endpoint, which then means `dns`.
///
/// `localhost:50051` is a name and a port, not a scheme: what stands before a single colon is taken
/// for a scheme only when it is a known one.
public struct Target: Sendable, Hashable {
  /// In lower case.
  public let scheme: String
  /// Whom to ask, `server:port` for `dns`; empty for the usual one.
  public let authority: String
  /// What follows the authority, with its leading slash if it has one.
  public let path: String

  /// The scheme of a target that names none.
  public static let defaultScheme = "dns"

  /// The path without its leading slash.
  public var endpoint: String { path.hasPrefix("/") ? String(path.dropFirst()) : path }

  public init(scheme: String, authority: String = "", path: String) {
    self.scheme = scheme.lowercased()
    self.authority = authority
    self.path = path
  }

  /// - Parameter knownSchemes: what may stand before a colon without two slashes.
  public init(_ text: String, knownSchemes: Set<String>) throws(ResolutionFailure) {
    guard !text.isEmpty else {
      throw Self.malformed(text, "it is empty; name a host and port, for example dns:///greeter:80")
    }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
      throw Self.malformed(text, "it has a space or control character; remove it")
    }
    if let (scheme, rest) = try Self.splitScheme(text, knownSchemes) {
      self.scheme = scheme
      (authority, path) = try Self.splitAuthority(rest, text)
    } else {
      (scheme, authority, path) = (Self.defaultScheme, "", text)
    }
    guard !endpoint.isEmpty else {
      throw Self.malformed(
        text, "nothing follows the scheme; write \(scheme):///NAME, with three slashes")
    }
  }

  private static func splitScheme(
    _ text: String, _ knownSchemes: Set<String>
  ) throws(ResolutionFailure) -> (scheme: String, rest: Substring)? {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let scheme = text[..<colon].lowercased()
    let rest = text[text.index(after: colon)...]
    if knownSchemes.contains(scheme) { return (scheme, rest) }
    guard rest.hasPrefix("//") else { return nil }
    guard isScheme(scheme) else {
      throw malformed(
        text, "what stands before :// is no scheme; use one of \(list(knownSchemes))")
    }
    return (scheme, rest)
  }

  private static func splitAuthority(
    _ rest: Substring, _ text: String
  ) throws(ResolutionFailure) -> (authority: String, path: String) {
    guard rest.hasPrefix("//") else { return ("", String(rest)) }
    let body = rest.dropFirst(2)
    guard let slash = body.firstIndex(of: "/") else {
      throw malformed(
        text, "after the authority there is no slash; write three slashes if you mean a name")
    }
    return (String(body[..<slash]), String(body[slash...]))
  }

  /// RFC 3986, section 3.1.
  private static func isScheme(_ text: String) -> Bool {
    guard let first = text.utf8.first, (0x61...0x7A).contains(first) else { return false }
    return text.utf8.allSatisfy {
      (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E].contains($0)
    }
  }

  package static func malformed(_ text: String, _ reason: String) -> ResolutionFailure {
    ResolutionFailure(.malformed, "The target \"\(text)\" is malformed: \(reason).")
  }

  static func list(_ names: some Collection<String>) -> String {
    names.sorted().joined(separator: ", ")
  }
}

extension Target: CustomStringConvertible {
  /// Reads back as the same target.
  public var description: String {
    path.hasPrefix("/") ? "\(scheme)://\(authority)\(path)" : "\(scheme):\(path)"
  }
}
