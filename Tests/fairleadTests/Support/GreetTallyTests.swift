import Testing

@testable import fairlead

@Suite("GreetTally")
struct GreetTallyTests {
  @Test("Calls are counted by pod, with shares of all calls, in the pods' order")
  func counts() {
    var tally = GreetTally()
    for pod in ["v-10", "v-2", "v-2"] {
      tally.countReply(from: pod)
    }
    tally.countFailure(status: "UNAVAILABLE")
    #expect(tally.calls == 4)
    #expect(tally.failed == 1)
    #expect(tally.shares.map(\.pod) == ["v-2", "v-10"])
    #expect(tally.shares.map(\.share) == [0.5, 0.25])
  }

  @Test("The table is aligned and says what failed")
  func table() {
    var tally = GreetTally()
    for _ in 0..<90 { tally.countReply(from: "greeter-v1") }
    for _ in 0..<9 { tally.countReply(from: "v2") }
    tally.countFailure(status: "UNAVAILABLE")
    #expect(
      tally.lines == [
        "pod         calls  share",
        "greeter-v1     90  90.0%",
        "v2              9   9.0%",
        "",
        "100 calls, 1 failed (1 UNAVAILABLE)",
      ]
    )
  }

  @Test("When no pod answered there is no table")
  func allFailed() {
    var tally = GreetTally()
    tally.countFailure(status: "UNAVAILABLE")
    #expect(tally.lines == ["1 call, 1 failed (1 UNAVAILABLE)"])
  }
}
