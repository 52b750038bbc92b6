import FairleadFiles
import FairleadManifests
import Foundation

/// The answer of `fairlead check`, as text for people or JSON for scripts.
struct CheckReport: Encodable {
  /// Whether there is neither an error nor a warning.
  var isGood: Bool
  /// Whether the proxy would refuse the configuration.
  var isRefused: Bool
  var findings: [Finding]
  /// `nil` if it is refused.
  var summary: ConfigurationSummary?
  /// Kinds that do not decide where calls go, and how many objects of each were passed over.
  var skippedKinds: [String: Int]

  private enum CodingKeys: String, CodingKey {
    case isGood = "ok"
    case isRefused = "refused"
    case findings, summary
    case skippedKinds = "skipped"
  }

  /// - Parameter findings: of the files and of the compiler, by place.
  init(findings: [Finding], summary: ConfigurationSummary, skippedKinds: [String: Int]) {
    isRefused = false
    self.findings = findings
    self.summary = summary
    self.skippedKinds = skippedKinds
    isGood = findings.allSatisfy { $0.severity == .info }
  }

  init(_ refusal: RefusedConfiguration) {
    isGood = false
    isRefused = true
    findings = refusal.findings
    summary = nil
    skippedKinds = [:]
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  /// A line for each finding, what was passed over, and a summary.
  func text(colours: Bool) -> String {
    var lines = findings.map { colours ? Self.coloured($0) : $0.description }
    if !skippedKinds.isEmpty {
      let kinds = skippedKinds.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
      lines.append("passed over: \(kinds.joined(separator: ", "))")
    }
    lines.append(summaryLine)
    return lines.joined(separator: "\n")
  }

  private var summaryLine: String {
    let problems = Severity.allCases.compactMap { severity -> String? in
      let count = findings.count { $0.severity == severity }
      guard count > 0 else { return nil }
      switch severity {
      case .error: return Self.count(count, "error")
      case .warning: return Self.count(count, "warning")
      case .info: return Self.count(count, "remark")
      }
    }
    let verdict = problems.isEmpty ? "no problems" : problems.joined(separator: ", ")
    guard let summary else { return "refused: \(verdict)" }
    return "\(summary), \(verdict)"
  }

  private static func count(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  private static func coloured(_ finding: Finding) -> String {
    let colour =
      switch finding.severity {
      case .error: "\u{1B}[31m"
      case .warning: "\u{1B}[33m"
      case .info: "\u{1B}[36m"
      }
    let label = "\(finding.severity.rawValue) \(finding.code.rawValue):"
    return finding.description.replacing(
      label, with: "\(colour)\(label)\u{1B}[0m", maxReplacements: 1)
  }
}
