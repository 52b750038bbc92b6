/// How a run's calls find their server.
package enum LoadMode: Sendable, Hashable {
  /// All connections go to one address; who is behind it is the target's choice.
  case connection

  /// The client balances each call over what the target's resolver gives.
  ///
  /// - Parameter policy: Such as `round_robin`.
  case balanced(policy: String)
}

extension LoadMode: Codable {
  private enum CodingKeys: String, CodingKey {
    case kind
    case policy
  }

  private enum Kind: String, Codable {
    case connection
    case balanced
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Kind.self, forKey: .kind) {
    case .connection: self = .connection
    case .balanced: self = .balanced(policy: try container.decode(String.self, forKey: .policy))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .connection:
      try container.encode(Kind.connection, forKey: .kind)
    case .balanced(let policy):
      try container.encode(Kind.balanced, forKey: .kind)
      try container.encode(policy, forKey: .policy)
    }
  }
}
