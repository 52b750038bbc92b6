import HashTreeCollections

/// The findings of a configuration, in the parts that change by themselves.
struct CompiledFindings: Sendable, Hashable {
  private let plan: FindingList
  /// By host; only of services that have any.
  private var byHost: TreeDictionary<String, FindingList> = [:]

  init(plan: FindingList) {
    self.plan = plan
  }

  mutating func replace(of host: String, by findings: FindingList) {
    if findings.isEmpty {
      byHost.removeValue(forKey: host)
    } else {
      byHost[host] = findings
    }
  }

  /// By place.
  var all: [Finding] {
    var list = plan
    for (_, findings) in byHost.sorted(by: { $0.key < $1.key }) {
      list.add(findings)
    }
    return list.all.sorted()
  }
}
