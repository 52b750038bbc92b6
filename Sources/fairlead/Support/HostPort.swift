import ArgumentParser

/// `HOST:PORT` as the command line writes it; an IPv6 address stands in brackets, `[::1]:8080`.
///
/// The host is an IP address or a name; nothing is looked up here.
struct HostPort: Sendable, Hashable {
  /// An IPv4 address, an IPv6 address without its brackets, or a name. Never empty.
  let host: String

  /// From 0 to 65535; a listener on port 0 takes any free port.
  let port: Int

  init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// Nil when `text` is not `HOST:PORT`.
  init?(parsing text: String) {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    let host = text[..<colon]
    let digits = text[text.index(after: colon)...]
    guard !digits.isEmpty, digits.count <= 5, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
      let port = Int(digits), port <= 65535
    else { return nil }

    if host.hasPrefix("[") {
      let address = host.dropFirst().dropLast()
      guard host.hasSuffix("]"), address.contains(":"), !address.contains("["),
        !address.contains("]")
      else { return nil }
      self.init(host: String(address), port: port)
    } else {
      // An IPv6 address without brackets is ambiguous: which colon ends it?
      guard !host.isEmpty, host.allSatisfy(Self.isHostCharacter) else { return nil }
      self.init(host: String(host), port: port)
    }
  }

  private static func isHostCharacter(_ character: Character) -> Bool {
    character.isASCII
      && (character.isLetter || character.isNumber || character == "." || character == "-"
        || character == "_")
  }

  /// Whether the host is an IPv6 address.
  var isIPv6: Bool { self.host.contains(":") }
}

extension HostPort: ExpressibleByArgument {
  init?(argument: String) {
    self.init(parsing: argument)
  }

  var defaultValueDescription: String { self.description }
}

extension HostPort: CustomStringConvertible {
  var description: String {
    self.isIPv6 ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
  }
}
