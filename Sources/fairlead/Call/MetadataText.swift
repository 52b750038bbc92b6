import FairleadDescriptors
import GRPCCore

/// Metadata as it is shown: values that prove who somebody is are hidden, unless they are asked for.
struct MetadataText: Sendable {
  /// Stands for a value that is hidden.
  static let hidden = "[hidden]"

  private let metadata: Metadata
  private let showsSecrets: Bool

  /// What the names of such values have in them; everybody has names of their own.
  private static let secrets = [
    "auth", "token", "secret", "password", "passwd", "cookie", "credential", "api-key", "api_key",
    "apikey", "private-key", "signature",
  ]
  /// What is no secret, although it has such a name.
  private static let exceptions: Set<String> = [":authority", "www-authenticate"]

  /// Whether a value is hidden.
  static func isSecret(_ name: String) -> Bool {
    let name = name.lowercased()
    return !Self.exceptions.contains(name) && Self.secrets.contains { name.contains($0) }
  }

  init(_ metadata: Metadata, showsSecrets: Bool) {
    // HTTP/2's own fields are no metadata, though grpc-swift gives them as such.
    self.metadata = Metadata(metadata.filter { !$0.key.hasPrefix(":") })
    self.showsSecrets = showsSecrets
  }

  /// `name: value`, in the order of the metadata.
  var lines: [String] {
    self.metadata.map { name, value in
      "\(name.printable): \(self.text(name, value).printable)"
    }
  }

  /// The values of each name, in the order of the first of each.
  var byName: [(name: String, values: [String])] {
    var list: [(name: String, values: [String])] = []
    var places: [String: Int] = [:]
    for (name, value) in self.metadata {
      let text = self.text(name, value)
      if let place = places[name] {
        list[place].values.append(text)
      } else {
        places[name] = list.count
        list.append((name, [text]))
      }
    }
    return list
  }

  /// Bytes are in base64 with padding, however they came.
  private func text(_ name: String, _ value: Metadata.Value) -> String {
    guard self.showsSecrets || !Self.isSecret(name) else { return Self.hidden }
    switch value {
    case .binary(let bytes): return Base64.encode(bytes)
    case .string(let text):
      guard name.hasSuffix("-bin"), let bytes = Base64.decode(Array(text.utf8)) else { return text }
      return Base64.encode(bytes)
    }
  }
}
