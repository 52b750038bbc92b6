import Testing

@testable import fairlead

@Suite("DemoClaim")
struct DemoClaimTests {
  /// A row with these calls by pod, so many failed calls and this time.
  private func row(
    _ pods: [String: Int], failed: Int = 0, milliseconds: Double? = nil, claims: [DemoClaim] = []
  ) -> DemoRow {
    var tally = GreetTally()
    for (pod, calls) in pods {
      for _ in 0..<calls { tally.countReply(from: pod) }
    }
    for _ in 0..<failed { tally.countFailure(status: "UNAVAILABLE") }
    return DemoRow(
      id: "row", scene: "a scene", connections: 1, tally: tally, milliseconds: milliseconds,
      shows: "something", claims: claims)
  }

  private func holds(_ claim: DemoClaim, for row: DemoRow) -> Bool {
    claim.objection(to: row) == nil
  }

  @Test("One pod means one, neither two nor none")
  func onePod() {
    #expect(holds(.onePod, for: row(["a": 300])))
    #expect(!holds(.onePod, for: row(["a": 299, "b": 1])))
    #expect(!holds(.onePod, for: row([:], failed: 300)))
  }

  @Test("Whole connections: each pod has a multiple, and somebody has something")
  func multiples() {
    #expect(holds(.multiples(of: 100), for: row(["a": 200, "b": 100])))
    #expect(!holds(.multiples(of: 100), for: row(["a": 199, "b": 101])))
    #expect(!holds(.multiples(of: 100), for: row([:])))
  }

  @Test("Exactly means exactly")
  func exactly() {
    let claim = DemoClaim.exactly(["a": 270, "b": 30])
    #expect(holds(claim, for: row(["a": 270, "b": 30])))
    #expect(!holds(claim, for: row(["a": 271, "b": 29])))
    #expect(!holds(claim, for: row(["a": 270, "b": 30, "c": 1])))
    #expect(!holds(claim, for: row(["a": 270])))
  }

  @Test("Failures and times hold up to their limit; a time not measured does not")
  func limits() {
    #expect(holds(.failures(atMost: 1), for: row(["a": 1], failed: 1)))
    #expect(!holds(.failures(atMost: 1), for: row(["a": 1], failed: 2)))
    #expect(holds(.milliseconds(atMost: 100), for: row(["a": 1], milliseconds: 100)))
    #expect(!holds(.milliseconds(atMost: 100), for: row(["a": 1], milliseconds: 100.1)))
    #expect(!holds(.milliseconds(atMost: 100), for: row(["a": 1])))
  }

  @Test("A report says which scene did not hold and why, and marks it in the table")
  func report() {
    var report = DemoReport()
    report.rows = [
      row(["a": 2], claims: [.onePod]),
      row(["a": 1, "b": 1], failed: 1, claims: [.onePod, .failures(atMost: 0)]),
    ]
    report.seconds = 1.25
    #expect(
      report.objections == [
        "a scene: 2 pods answered, expected one.",
        "a scene: 1 calls failed, expected at most 0.",
      ]
    )
    #expect(report.conclusion == "1 of 2 as they should be, in 1.3 s.")
    #expect(
      report.lines == [
        "what was done  conns  calls  failed  calls by pod  what it shows",
        "a scene            1      2       0  a 2           something",
        "a scene            1      3       1  a 1, b 1      NOT AS EXPECTED",
      ]
    )
  }
}
