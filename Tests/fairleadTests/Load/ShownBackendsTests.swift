import FairleadLoad
import Testing

@testable import fairlead

@Suite("Shown backends")
struct ShownBackendsTests {
  private let many = LoadReport.made([
    .made("one", backends: (1...100).map { ("pod-\($0)", $0) }),
    .made("two", backends: [("pod-7", 1000)]),
  ])

  @Test("Few are shown all, in the order people count")
  func few() {
    let report = LoadReport.made([.made("r", backends: [("pod-10", 5), ("pod-9", 15)])])
    let shown = ShownBackends(of: report, limit: 2)
    #expect(shown.names == ["pod-9", "pod-10"])
    #expect(shown.others == nil)
    #expect(shown.rows(of: report.runs[0]).map(\.calls) == [15, 5])
    #expect(shown.rows(of: report.runs[0]).map(\.share) == [0.75, 0.25])
  }

  @Test("Of many those with the most calls in all runs are shown, and the rest is one row")
  func most() {
    let shown = ShownBackends(of: many, limit: 4)
    #expect(shown.names == ["pod-7", "pod-99", "pod-100"])
    #expect(shown.others == "97 others")
    let first = shown.rows(of: many.runs[0])
    #expect(first.map(\.name) == ["pod-7", "pod-99", "pod-100", "97 others"])
    // 1 + … + 100 = 5050, of which 7, 99 and 100 are shown.
    #expect(first.map(\.calls) == [7, 99, 100, 4844])
    #expect(first[3].share == 4844.0 / 5050)
    #expect(shown.rows(of: many.runs[1]).map(\.calls) == [1000, 0, 0, 0])
  }

  @Test("Cells stand under their names, and a name that is no backend of a run has a dash")
  func cells() {
    let report = LoadReport(
      method: "m", backendsBy: "peer",
      runs: [.made("one", backends: [("a", 5000)]), .made("two", backends: [("b", 7)])])
    let shown = ShownBackends(of: report, limit: 5)
    #expect(shown.cells(of: report.runs[0]) == ["5,000", "–"])
    #expect(shown.cells(of: report.runs[1]) == ["–", "7"])
    #expect(shown.rows(of: report.runs[1]).map(\.name) == ["b"])
    let most = ShownBackends(of: many, limit: 4)
    #expect(most.cells(of: many.runs[1]) == ["1,000", "0", "0", "0"])
    #expect(most.cells(of: many.runs[0]) == ["7", "99", "100", "4,844"])
  }

  @Test("Of backends with equal calls the first in order are shown")
  func equal() {
    let report = LoadReport.made([.made("r", backends: (1...100).map { ("pod-\($0)", 10) })])
    #expect(ShownBackends(of: report, limit: 4).names == ["pod-1", "pod-2", "pod-3"])
  }

  @Test("A run has as many others as it has backends that are not shown")
  func ownOthers() {
    let report = LoadReport(
      method: "m", backendsBy: "peer",
      runs: [
        .made("one", mode: .balanced(policy: "p"), backends: (1...5).map { ("a-\($0)", 100) }),
        .made("two", backends: [("b", 700)]), .made("three", backends: [("c", 1)]),
      ])
    let shown = ShownBackends(of: report, limit: 3)
    #expect(shown.names == ["a-1", "b"] && shown.others == "4 others")
    #expect(shown.rows(of: report.runs[0]).map(\.name) == ["a-1", "4 others"])
    #expect(shown.rows(of: report.runs[1]).map(\.name) == ["b"])
    #expect(shown.rows(of: report.runs[2]).map(\.name) == ["1 other"])
    #expect(shown.cells(of: report.runs[1]) == ["–", "700", "–"])
  }

  @Test("Backends that nobody has named are among the others")
  func unnamed() {
    let report = LoadReport.made([.made("r", backends: [("a", 5)])], backends: 3)
    let shown = ShownBackends(of: report, limit: 3)
    #expect(shown.names == ["a"])
    #expect(shown.others == "2 others")
    #expect(shown.rows(of: report.runs[0]).map(\.calls) == [5, 0])
  }
}
