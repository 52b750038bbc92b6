extension Verdict {
  /// Counts this near to each other are called equal: a twentieth of the mean.
  static let evenEnough = 0.05

  /// Fewer calls for each backend show nothing: chance alone would leave some without any.
  static let callsToJudgeBackend = 10

  /// The verdict on a run whose backends have been completed from what is known.
  ///
  /// - Parameter by: How answers were told apart, such as `header x-pod`; empty when it is not known.
  init(of run: LoadRun, known: KnownBackends, by backendsBy: String) {
    let attributed = run.backends.reduce(0) { $0 + $1.calls }
    if run.calls == 0 {
      self = .noCalls(run)
    } else if run.failed == run.calls {
      self = .allFailed(run)
    } else if run.backends.contains(where: { $0.name == Measurements.otherBackends }) {
      self.init(.tooManyNames, after: Self.failures(run))
    } else {
      let facts = SpreadFacts(run: run, known: known, calls: attributed)
      let spread = facts.map { facts in
        run.seesAddressesOnly(by: backendsBy) && facts.heard == 1
          ? .oneAddress(facts) : Verdict(of: facts)
      }
      self.init(spread ?? .noBackends(backendsBy), after: Self.failures(run))
    }
  }

  private init(_ spread: Verdict, after failures: String) {
    self.init(kind: spread.kind, sentence: failures + spread.sentence)
  }

  private static let tooManyNames = Verdict(
    kind: .noBackends,
    sentence:
      "answers give more than \(NumberText.count(Measurements.maximumBackends)) names, so they "
      + "are hardly those of backends: give --by another header or field")

  private static func oneAddress(_ facts: SpreadFacts) -> Verdict {
    Verdict(
      kind: .oneAddress,
      sentence: "one address answered \(facts.allCalls); "
        + "--by header:NAME or --by field:NAME tells who is behind it")
  }

  private static func noCalls(_ run: LoadRun) -> Verdict {
    let due = run.notSent == 0 ? "" : ", and \(NumberText.count(run.notSent)) that were due waited"
    return Verdict(kind: .noCalls, sentence: "no call ended\(due)")
  }

  private static func allFailed(_ run: LoadRun) -> Verdict {
    let failures = run.statuses.filter { !$0.isOK }
    var sentence = NumberText.all(run.calls) + " failed"
    if let worst = failures.first {
      let part = failures.count == 1 ? "" : ", \(NumberText.count(worst.calls)) of them"
      sentence += "\(part) with \(worst.name)"
    }
    return Verdict(kind: .allFailed, sentence: sentence)
  }

  private static func noBackends(_ backendsBy: String) -> Verdict {
    let way = backendsBy.isEmpty ? "" : " (by \(backendsBy))"
    return Verdict(
      kind: .noBackends, sentence: "no answer says which backend gave it\(way)")
  }

  private static func failures(_ run: LoadRun) -> String {
    guard run.failed > 0 else { return "" }
    let share = NumberText.percent(Double(run.failed) / Double(run.calls))
    let (failed, calls) = (NumberText.count(run.failed), NumberText.count(run.calls))
    return "\(failed) of \(calls) calls failed (\(share)); "
  }
}
