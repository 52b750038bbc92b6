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
}
