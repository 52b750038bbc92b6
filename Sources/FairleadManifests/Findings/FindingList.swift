/// Gathers findings, each once, and at most so many: a file of nothing but mistakes must not fill
/// the memory or the screen.
package struct FindingList: Sendable, Hashable {
  package static let limit = 2_000

  private let limit: Int
  private(set) var kept: [Finding] = []
  private var seen = Set<Finding>()
  private(set) var droppedCount = 0
  /// The worst of those above the limit, the first of its kind.
  private(set) var worstDropped: Finding?

  package init(limit: Int = FindingList.limit) {
    self.limit = limit
  }

  package var isEmpty: Bool { kept.isEmpty && worstDropped == nil }

  /// In the order in which they came. If some were dropped the last one says so, and is as severe as
  /// the worst of them.
  package var all: [Finding] {
    guard let worstDropped else { return kept }
    return kept + [Self.note(of: droppedCount, worst: worstDropped)]
  }

  /// What stands for findings that are not shown.
  static func note(of count: Int, worst: Finding) -> Finding {
    Finding(
      worst.severity, .moreFindings, "\(count) more findings are not shown", at: worst.origin)
  }

  package mutating func add(_ finding: Finding) {
    guard !isFull else { return drop(finding) }
    if seen.insert(finding).inserted { kept.append(finding) }
  }

  mutating func add(
    _ severity: Severity, _ code: FindingCode, _ message: String, at origin: Origin
  ) {
    add(Finding(severity, code, message, at: origin))
  }

  /// Adds what another list has kept, and counts what it has dropped.
  mutating func add(_ other: FindingList) {
    for finding in other.kept {
      add(finding)
    }
    droppedCount += other.droppedCount
    noteDropped(other.worstDropped)
  }

  /// Whether another finding would be dropped, and its words need not be found.
  var isFull: Bool { kept.count >= limit }

  private mutating func drop(_ finding: Finding) {
    guard !seen.contains(finding) else { return }
    droppedCount += 1
    noteDropped(finding)
  }

  private mutating func noteDropped(_ finding: Finding?) {
    guard let finding else { return }
    if worstDropped.map({ finding.severity < $0.severity }) ?? true { worstDropped = finding }
  }
}
