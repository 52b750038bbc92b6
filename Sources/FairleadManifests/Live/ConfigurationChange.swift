import FairleadRouting

/// What a change of objects or of endpoints did to the compiled configuration.
package enum ConfigurationChange: Sendable, Hashable {
  /// Virtual hosts and clusters are as they were. Findings may differ.
  case nothing
  /// Routes are as they were, and so are all clusters but those of these names, whose endpoints differ.
  case endpoints(of: Set<String>)
  /// Anything may differ.
  case everything

  /// What a Snapshot made after the change says of it; `nil` if there is no need for one.
  package var forSnapshot: Snapshot.Changes? {
    switch self {
    case .nothing: nil
    case .endpoints(let names): .endpoints(of: names)
    case .everything: .everything
    }
  }

  /// Both, one after the other.
  package func merging(_ later: ConfigurationChange) -> ConfigurationChange {
    switch (self, later) {
    case (.everything, _), (_, .everything): .everything
    case (.nothing, let other), (let other, .nothing): other
    case (.endpoints(let some), .endpoints(let others)): .endpoints(of: some.union(others))
    }
  }
}
