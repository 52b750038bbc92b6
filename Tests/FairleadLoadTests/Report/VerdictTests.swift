import Testing

@testable import FairleadLoad

@Suite("Verdicts")
struct VerdictTests {
  private func verdict(
    _ run: LoadRun, backends: Int? = nil, resolved: [String] = []
  ) -> Verdict {
    var run = run
    run.endpoints = resolved
    let report = LoadReport(
      method: "m", backendsBy: resolved.isEmpty ? "header x-pod" : "peer", runs: [run],
      backendCount: backends)
    return report.runs[0].verdict
  }

  @Test("One connection pins all calls to one of three")
  func pinned() {
    let verdict = verdict(.made([10_000]), backends: 3)
    #expect(verdict.kind == .byConnection)
    #expect(
      verdict.sentence
        == "all 10,000 calls went to 1 of 3 backends: the target is balanced by connection")
  }

  @Test("Three connections split 1 : 2 : 0")
  func split() {
    let run = LoadRun.made(
      connections: 3, backends: [("a", 3300, 1), ("b", 6700, 2)])
    let verdict = verdict(run, backends: 3)
    #expect(verdict.kind == .byConnection)
    #expect(
      verdict.sentence == "each of the 3 connections stayed on one backend (1 : 2 : 0): "
        + "the target is balanced by connection")
  }

  @Test("Equal parts by connection are by connection all the same")
  func evenByLuck() {
    let run = LoadRun.made(connections: 2, backends: [("a", 5000, 1), ("b", 5000, 1)])
    #expect(verdict(run).kind == .byConnection)
  }

  @Test("A connection that reached two backends shows that calls are balanced")
  func spreadOverConnections() {
    let run = LoadRun.made(connections: 2, backends: [("a", 5000, 2), ("b", 5000, 2)])
    #expect(verdict(run).kind == .even)
  }

  @Test("Connections with few calls show nothing of the kind")
  func fewCallsByConnection() {
    // 30 connections, each with a call or two.
    let run = LoadRun.made(connections: 30, backends: [("a", 20, 15), ("b", 20, 15)])
    #expect(verdict(run).kind == .even)
  }

  @Test("Connections without calls are not counted as such that stayed")
  func idleConnections() {
    // Five of ten connections had calls, each from both backends: ten pairs.
    let balanced = LoadRun.made(
      connections: 10, backends: [("a", 500, 5), ("b", 500, 5)], used: 5, judged: 5)
    #expect(verdict(balanced).kind == .even)
    let pinned = LoadRun.made(
      connections: 10, backends: [("a", 600, 3), ("b", 400, 2)], used: 5, judged: 5)
    #expect(verdict(pinned).kind == .byConnection)
    #expect(
      verdict(pinned).sentence == "each of the 5 connections that had calls stayed on one backend "
        + "(3 : 2): the target is balanced by connection")
    let one = LoadRun.made(connections: 10, backends: [("a", 600, 1)], used: 1, judged: 1)
    #expect(verdict(one, backends: 3).kind == .byConnection)
  }

  @Test("A connection that was lost and opened anew is one more")
  func reopened() {
    let run = LoadRun.made(
      connections: 3, backends: [("a", 600, 3), ("b", 300, 1)], used: 4, judged: 3)
    #expect(verdict(run).kind == .byConnection)
    #expect(verdict(run).sentence.contains("each of the 4 connections that had calls"))
  }

  @Test("Of connections one must not have all calls: the others' few show nothing")
  func oneBusyConnection() {
    let run = LoadRun.made(
      connections: 3, backends: [("a", 600, 2), ("b", 9, 1)], used: 3, judged: 1)
    #expect(verdict(run).kind == .uneven)
  }

  @Test("Several connections on one of three say so, and no more")
  func notSpread() {
    let verdict = verdict(.made([1000], connections: 10), backends: 3)
    #expect(verdict.kind == .notSpread)
    #expect(verdict.sentence == "all 1,000 calls, over 10 connections, went to 1 of 3 backends")
  }

  @Test("A policy that takes one of three is named")
  func policyTakesOne() {
    let run = LoadRun.made([1000], mode: .balanced(policy: "pick_first"))
    let verdict = verdict(run, resolved: ["a", "b", "c"])
    #expect(verdict.kind == .notSpread)
    #expect(verdict.sentence == "all 1,000 calls went to 1 of 3 backends, under pick_first")
  }

  @Test("Equal parts")
  func even() {
    let verdict = verdict(.made([3334, 3333, 3333]))
    #expect(verdict.kind == .even)
    #expect(verdict.sentence == "the calls are spread evenly over 3 backends (max/mean 1.00)")
  }

  @Test("Parts that dice could have made")
  func byChance() {
    // Mean 100; deviations 25, 0, -25: √(1250/3) / 100 = 0.204. By chance √(2/300) = 0.082; limit √(13.5/300) = 0.212.
    let verdict = verdict(.made([125, 100, 75]))
    #expect(verdict.kind == .evenByChance)
    #expect(
      verdict.sentence == "the calls are spread over 3 backends as evenly as by chance "
        + "(coefficient of variation 0.20, by chance about 0.08; max/mean 1.25)")
  }

  @Test("Parts that dice hardly make are uneven")
  func justUneven() {
    #expect(verdict(.made([127, 100, 73])).kind == .uneven)
  }

  @Test("A split by weight is uneven, and whether it is meant is left open")
  func weighted() {
    let verdict = verdict(.made([900, 100]))
    #expect(verdict.kind == .uneven)
    #expect(
      verdict.sentence == "the calls are spread unevenly over 2 backends: 90.0% : 10.0% "
        + "(max/mean 1.80); whether weights ask for that is not known")
  }

  @Test("One of a hundred backends without calls is uneven when there were calls for it")
  func silentBackend() {
    let names = (1...100).map { "pod-\($0)" }
    let run = LoadRun.made(
      mode: .balanced(policy: "p"), backends: names.prefix(99).map { ($0, 10_000, nil) })
    // Even is out of question, though the coefficient of variation is 0.1 only.
    #expect(verdict(run, resolved: names).kind == .uneven)
  }

  @Test("Less than ten calls for each backend are too few")
  func tooFew() {
    let verdict = verdict(.made([29]), backends: 3)
    #expect(verdict.kind == .tooFewCalls)
    #expect(
      verdict.sentence == "29 calls are too few to judge 3 backends by: make at least 30")
    #expect(self.verdict(.made([30]), backends: 3).kind == .byConnection)
    #expect(self.verdict(.made([1]), backends: 2).sentence.hasPrefix("1 call is too few"))
  }

  @Test("One backend, and nobody knows of others")
  func one() {
    let unknown = verdict(.made([100]))
    #expect(unknown.kind == .oneBackend)
    #expect(unknown.sentence == "only one backend answered; give --backends N if there are more")
    let known = verdict(.made([100], mode: .balanced(policy: "p")), resolved: ["a"])
    #expect(known.kind == .oneBackend)
    #expect(known.sentence == "all 100 calls went to the only backend")
  }

  @Test("By peer, an address is not taken for a backend: a balancer may be there")
  func oneAddress() {
    let runs = ["127.0.0.1:9000", "127.0.0.1:9001"].map { address in
      LoadRun.made(name: address, connections: 3, backends: [(address, 10_000, 3)])
    }
    let report = LoadReport(method: "m", backendsBy: "peer", runs: runs, backendCount: 3)
    for run in report.runs {
      #expect(run.verdict.kind == .oneAddress)
      #expect(
        run.verdict.sentence == "one address answered all 10,000 calls; "
          + "--by header:NAME or --by field:NAME tells who is behind it")
      // The other run's address is no backend of this one.
      #expect(run.backends.count == 1 && run.skew?.maxOverMean == 1)
    }
  }

  @Test("By peer, a target that is balanced here has its endpoints as backends")
  func peersOfTarget() {
    var run = LoadRun.made(
      mode: .balanced(policy: "round_robin"), backends: [("a", 500, nil), ("b", 500, nil)])
    run.endpoints = ["a", "b", "c"]
    let report = LoadReport(method: "m", backendsBy: "peer", runs: [run, .made([1000])])
    #expect(report.runs[0].verdict.kind == .uneven)
    #expect(report.runs[0].backends.map(\.calls) == [500, 500, 0])
    #expect(report.runs[1].verdict.kind == .oneAddress)
  }

  @Test("By peer, a name with several addresses shows how connections lay")
  func severalAddresses() {
    let run = LoadRun.made(connections: 2, backends: [("a", 500, 1), ("b", 500, 1)])
    let report = LoadReport(method: "m", backendsBy: "peer", runs: [run])
    #expect(report.runs[0].verdict.kind == .byConnection)
  }

  @Test("No answer names its backend")
  func unnamed() {
    let verdict = verdict(.made([], unanswered: 100))
    #expect(verdict.kind == .noBackends)
    #expect(verdict.sentence == "no answer says which backend gave it (by header x-pod)")
  }

  @Test("All failed, in one way or several")
  func allFailed() {
    let one = verdict(.made([], unanswered: 1000, failures: [(14, "UNAVAILABLE", 1000)]))
    #expect(one.kind == .allFailed)
    #expect(one.sentence == "all 1,000 calls failed with UNAVAILABLE")
    let several = verdict(
      .made([500, 500], failures: [(4, "DEADLINE_EXCEEDED", 1), (14, "UNAVAILABLE", 999)]))
    #expect(several.sentence == "all 1,000 calls failed, 999 of them with UNAVAILABLE")
  }

  @Test("Some failed: said first, then what the others show")
  func someFailed() {
    let run = LoadRun.made([49, 50], unanswered: 1, failures: [(14, "UNAVAILABLE", 1)])
    let verdict = verdict(run)
    #expect(verdict.kind == .even)
    #expect(
      verdict.sentence == "1 of 100 calls failed (1.0%); the answered calls are spread evenly over "
        + "2 backends (max/mean 1.01)")
  }

  @Test("No call was made, or none that was due")
  func noCalls() {
    #expect(verdict(.made([])).sentence == "no call ended")
    let waiting = LoadRun.made(backends: [], notSent: 500)
    #expect(verdict(waiting).sentence == "no call ended, and 500 that were due waited")
    #expect(verdict(waiting).kind == .noCalls)
  }
}
