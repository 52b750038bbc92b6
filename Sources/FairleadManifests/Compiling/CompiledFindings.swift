import HashTreeCollections

/// The findings of a configuration: those of its plan, and those of each service, which change by themselves.
struct CompiledFindings: Sendable, Hashable {
  private var plan: FindingList
  /// By host; only of services that have any.
  private var byHost: TreeDictionary<String, FindingList> = [:]
  /// How many of the lists have each finding.
  private var uses: TreeDictionary<Finding, Int> = [:]
  /// How many findings the lists have dropped.
  private var droppedCount = 0

  init(plan: FindingList) {
    self.plan = plan
    add(plan)
  }

  /// How many different ones there are.
  var count: Int { uses.count + droppedCount }

  mutating func replacePlan(by findings: FindingList) {
    guard plan != findings else { return }
    add(findings)
    remove(plan)
    plan = findings
  }

  mutating func replace(of host: String, by findings: FindingList) {
    let old = byHost[host]
    let new = findings.isEmpty ? nil : findings
    guard old != new else { return }
    byHost[host] = new
    if let new { add(new) }
    if let old { remove(old) }
  }

  private mutating func add(_ list: FindingList) {
    droppedCount += list.droppedCount
    for finding in list.kept {
      uses[finding, default: 0] += 1
    }
  }

  private mutating func remove(_ list: FindingList) {
    droppedCount -= list.droppedCount
    for finding in list.kept {
      guard let count = uses[finding] else { continue }
      uses[finding] = count > 1 ? count - 1 : nil
    }
  }

  /// By place; if there are more than a list's limit the last says how many are not shown.
  var all: [Finding] {
    let sorted = uses.keys.sorted()
    let shown = sorted.prefix(FindingList.limit)
    let hidden = sorted.dropFirst(FindingList.limit) + dropped
    guard let worst = hidden.min(by: { $0.severity < $1.severity }) else { return sorted }
    return shown + [FindingList.note(of: count - shown.count, worst: worst)]
  }

  /// The worst that each list has dropped.
  private var dropped: [Finding] {
    guard droppedCount > 0 else { return [] }
    return ([plan] + byHost.values).compactMap(\.worstDropped).sorted()
  }
}
