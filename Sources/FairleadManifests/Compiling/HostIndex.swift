/// Finds the rules for a host among many, by the most specific of their hosts.
struct HostIndex<Rule> {
  private var exact: [String: [Rule]] = [:]
  private var wildcards: [(pattern: String, rule: Rule)] = []

  /// - Parameter hosts: the full names and wildcards of a rule.
  init(_ rules: [Rule], hosts: (Rule) -> [String]) {
    for rule in rules {
      for host in Set(hosts(rule)) {
        if HostName.isWildcard(host) {
          wildcards.append((host, rule))
        } else {
          exact[host, default: []].append(rule)
        }
      }
    }
  }

  /// Those that name the host itself; if there is none, those with the longest wildcard for it. In
  /// the order of the rules.
  func rules(for host: String) -> [Rule] {
    if let rules = exact[host] { return rules }
    let matching = wildcards.filter { HostName.wildcard($0.pattern, matches: host) }
    let longest = matching.map(\.pattern.utf8.count).max()
    return matching.filter { $0.pattern.utf8.count == longest }.map(\.rule)
  }
}
