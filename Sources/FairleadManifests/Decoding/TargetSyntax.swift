/// gRPC's syntax of targets, as far as it can be checked without knowing the schemes: `scheme://authority/endpoint`,
/// `scheme:endpoint` or an endpoint alone.
enum TargetSyntax {
  /// What is wrong with a target and what to do, as the end of a sentence; `nil` if nothing is.
  static func problem(in text: String) -> String? {
    guard !text.isEmpty else {
      return "name a target, for example `dns:///greeter.example.com:80`"
    }
    guard text.utf8.count <= 2048 else { return "it is longer than 2048 bytes" }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
      return "it has a space or control character"
    }
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let rest = text[text.index(after: colon)...]
    guard !rest.isEmpty else { return "nothing follows the scheme" }
    guard rest.hasPrefix("//") else { return nil }
    guard isScheme(text[..<colon].lowercased()) else {
      return "what stands before `://` is no scheme"
    }
    guard let slash = rest.dropFirst(2).firstIndex(of: "/") else {
      return "after the authority there is no slash; write three slashes if a name is meant"
    }
    guard !holdsCredentials(text) else {
      return "its authority holds a user or a password, which would be shown; name them elsewhere"
    }
    return rest[slash...].count > 1 ? nil : "nothing follows the last slash"
  }

  /// Whether there may be a secret in it, so that it is not to be quoted.
  static func holdsCredentials(_ text: String) -> Bool {
    text.contains("@")
  }

  /// RFC 3986, section 3.1.
  private static func isScheme(_ text: String) -> Bool {
    guard let first = text.utf8.first, isLetter(first) else { return false }
    return text.utf8.allSatisfy {
      isLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        || "+-.".utf8.contains($0)
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
  }
}
