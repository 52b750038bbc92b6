import ArgumentParser

/// How answers tell who gave them: `peer`, `header:x-pod`, `field:pod`.
enum LoadBackendArgument: Sendable, Hashable {
  case peer
  /// In lower case.
  case header(String)
  /// Names of fields with dots between them.
  case field(String)
}

extension LoadBackendArgument: SpelledArgument {
  static let spelling = "write peer, header:NAME or field:NAME, such as header:x-pod."

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    switch (parts[0], parts.count == 2 ? parts[1] : nil) {
    case ("peer", nil): self = .peer
    case ("header", let name?) where !name.isEmpty: self = .header(name.lowercased())
    case ("field", let path?) where !path.isEmpty: self = .field(String(path))
    case _: return nil
    }
  }

  var defaultValueDescription: String {
    switch self {
    case .peer: "peer"
    case .header(let name): "header:\(name)"
    case .field(let path): "field:\(path)"
    }
  }
}
