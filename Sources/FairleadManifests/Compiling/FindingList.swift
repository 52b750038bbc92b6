/// Gathers findings, each once.
struct FindingList {
  private(set) var all: [Finding] = []
  private var seen = Set<Finding>()

  mutating func add(_ severity: Severity, _ code: FindingCode, _ message: String, at origin: Origin)
  {
    let finding = Finding(severity, code, message, at: origin)
    if seen.insert(finding).inserted { all.append(finding) }
  }
}
