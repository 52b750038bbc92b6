/// Virtual hosts, found by authority. Made once for many Snapshots: a change of endpoints leaves it as it is.
package struct VirtualHostTable: Sendable {
  package let hosts: [VirtualHost]
  /// Index into `hosts` by domain.
  private let indexByDomain: [String: Int]

  package init(_ hosts: [VirtualHost]) {
    self.hosts = hosts
    var index: [String: Int] = [:]
    for (position, host) in hosts.enumerated() {
      for domain in host.domains where index[domain] == nil {
        index[domain] = position
      }
    }
    indexByDomain = index
  }

  /// The index in `hosts` of the one that an `:authority` names. Case does not matter, nor the dot that ends an absolute
  /// name.
  package func index(authority: String) -> Int? {
    indexByDomain[authority] ?? indexByDomain[Self.normalized(authority)]
  }

  private static func normalized(_ authority: String) -> String {
    var parts = authority.lowercased().split(
      separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    if let name = parts.first, name.hasSuffix("."), name.count > 1 {
      parts[0] = name.dropLast()
    }
    return parts.joined(separator: ":")
  }
}

extension VirtualHostTable: Hashable {
  package static func == (lhs: VirtualHostTable, rhs: VirtualHostTable) -> Bool {
    lhs.hosts == rhs.hosts
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(hosts)
  }
}
