import FairleadFiles
import FairleadManifests
import FairleadRouting
import Foundation
import Testing

@testable import fairlead

@Suite("The answer of `fairlead check`")
struct CheckReportTests {
  private let warning = Finding(
    .warning, .notHonoured, "`retries` is not honoured",
    at: Origin(
      file: "a.yaml", line: 12, column: 7, path: "spec.http[0].retries",
      object: "VirtualService default/a"))
  private let remark = Finding(.info, .unusedSubset, "nobody", at: Origin(file: "a.yaml", line: 3))
  private let error = Finding(.error, .unreadable, "gone", at: Origin(file: "b.yaml"))

  private func applied(_ findings: Finding..., skipped: [String: Int] = [:]) -> CheckReport {
    CheckReport(
      findings: findings, summary: ConfigurationSummary(services: 3, routes: 1, endpoints: 5),
      skippedKinds: skipped)
  }

  @Test("remarks alone are good, a warning is not")
  func verdict() {
    #expect(applied().isGood)
    #expect(applied(remark).isGood)
    #expect(!applied(warning).isGood)
    #expect(!CheckReport(RefusedConfiguration(findings: [error], readAt: .now)).isGood)
  }

  @Test("text has a line for each finding, what was passed over, and a summary")
  func text() {
    #expect(applied().text(colours: false) == "3 services, 1 route, 5 endpoints, no problems")
    #expect(
      applied(warning, remark, skipped: ["Deployment": 2, "ConfigMap": 1]).text(colours: false)
        == """
        a.yaml:12: warning not-honoured: `retries` is not honoured (spec.http[0].retries)
        a.yaml:3: info unused-subset: nobody
        passed over: 1 ConfigMap, 2 Deployment
        3 services, 1 route, 5 endpoints, 1 warning, 1 remark
        """)
    #expect(
      CheckReport(RefusedConfiguration(findings: [error, error], readAt: .now))
        .text(colours: false) == """
          b.yaml: error unreadable: gone
          b.yaml: error unreadable: gone
          refused: 2 errors
          """)
  }

  @Test("colours are around the severity and code only")
  func colours() {
    #expect(
      applied(remark).text(colours: true).contains(
        "a.yaml:3: \u{1B}[36minfo unused-subset:\u{1B}[0m nobody"))
    #expect(!applied(remark).text(colours: false).contains("\u{1B}"))
  }

  @Test("JSON has every part of a finding that is known")
  func json() throws {
    let text = try applied(warning, error).json()
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(object["ok"] as? Bool == false)
    #expect(object["refused"] as? Bool == false)
    #expect((object["summary"] as? [String: Int])?["services"] == 3)
    let findings = try #require(object["findings"] as? [[String: Any]])
    #expect(
      Set(findings[0].keys) == [
        "severity", "code", "message", "file", "line", "column", "object", "path",
      ])
    #expect(findings[0]["line"] as? Int == 12)
    #expect(findings[0]["code"] as? String == "not-honoured")
    #expect(Set(findings[1].keys) == ["severity", "code", "message", "file"])
  }
}
