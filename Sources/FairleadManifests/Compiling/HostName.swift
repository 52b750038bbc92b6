/// How a rule's host becomes a full name, and which names a wildcard means.
enum HostName {
  /// Istio's rule: a name without a dot is a service in the namespace *of the rule*; a name with a
  /// dot is taken as it is, so `greeter.prod` is not `greeter.prod.svc.cluster.local`.
  static func resolve(_ text: String, namespace: String, clusterDomain: String) -> String {
    let host = text.lowercased()
    if host == "*" || host.contains(".") { return host }
    return full(name: host, namespace: namespace, clusterDomain: clusterDomain)
  }

  static func full(name: String, namespace: String, clusterDomain: String) -> String {
    "\(name).\(namespace).svc.\(clusterDomain)"
  }

  static func isWildcard(_ host: String) -> Bool { host.hasPrefix("*") }

  /// Whether `*` or `*.rest` means this host.
  static func wildcard(_ pattern: String, matches host: String) -> Bool {
    pattern == "*" || (pattern.hasPrefix("*.") && host.hasSuffix(pattern.dropFirst()))
  }

  /// Of several rules, those with the most specific host for a service: its very name, else the
  /// longest wildcard.
  static func mostSpecific<Rule>(
    _ rules: [Rule], for host: String, hostOf: (Rule) -> [String]
  ) -> [Rule] {
    let exact = rules.filter { hostOf($0).contains(host) }
    guard exact.isEmpty else { return exact }
    var best: [Rule] = []
    var length = 0
    for rule in rules {
      let patterns = hostOf(rule).filter { isWildcard($0) && wildcard($0, matches: host) }
      guard let longest = patterns.map(\.utf8.count).max(), longest >= length else { continue }
      if longest > length { best = [] }
      length = longest
      best.append(rule)
    }
    return best
  }
}
