extension Verdict {
  /// The verdict on how calls are spread, when at least one has a backend.
  init(of facts: SpreadFacts) {
    if facts.backendCount == 1 {
      self = .oneBackend(facts)
    } else if facts.calls < Self.callsToJudgeBackend * facts.backendCount {
      self = .tooFewCalls(facts)
    } else if facts.heard == 1 {
      self = .onlyOneAnswered(facts)
    } else if facts.eachConnectionStayed {
      self = .byConnection(facts)
    } else {
      self = .shares(facts)
    }
  }

  private static func oneBackend(_ facts: SpreadFacts) -> Verdict {
    let sentence =
      facts.isComplete
      ? "\(facts.allCalls) went to the only backend"
      : "only one backend answered; give --backends N if there are more"
    return Verdict(kind: .oneBackend, sentence: sentence)
  }

  private static func tooFewCalls(_ facts: SpreadFacts) -> Verdict {
    let needed = NumberText.count(Self.callsToJudgeBackend * facts.backendCount)
    let made = NumberText.count(facts.calls, facts.isAllCalls ? "call" : "answered call")
    let verb = facts.calls == 1 ? "is" : "are"
    return Verdict(
      kind: .tooFewCalls,
      sentence: "\(made) \(verb) too few to judge \(facts.backends) by: make at least \(needed)")
  }

  private static func onlyOneAnswered(_ facts: SpreadFacts) -> Verdict {
    let went = "went to 1 of \(facts.backends)"
    switch facts.mode {
    case .connection where facts.connections == 1:
      return Verdict(
        kind: .byConnection,
        sentence: "\(facts.allCalls) \(went): the target is balanced by connection")
    case .connection:
      let over = NumberText.count(facts.connections, "connection")
      return Verdict(kind: .notSpread, sentence: "\(facts.allCalls), over \(over), \(went)")
    case .balanced(let policy):
      return Verdict(kind: .notSpread, sentence: "\(facts.allCalls) \(went), under \(policy)")
    }
  }

  private static func byConnection(_ facts: SpreadFacts) -> Verdict {
    let split = NumberText.ratio(facts.connectionCounts ?? [])
    let used = facts.isAllConnections ? "" : " that had calls"
    return Verdict(
      kind: .byConnection,
      sentence: "each of the \(NumberText.count(facts.connections, "connection"))\(used) stayed on "
        + "one backend (\(split)): the target is balanced by connection")
  }

  private static func shares(_ facts: SpreadFacts) -> Verdict {
    let (skew, over) = (facts.skew, "over \(facts.backends)")
    let most = "max/mean \(NumberText.decimal(skew.maxOverMean, digits: 2))"
    if skew.coefficientOfVariation <= evenEnough, facts.heard == facts.backendCount {
      return Verdict(
        kind: .even, sentence: "\(facts.theCalls) are spread evenly \(over) (\(most))")
    }
    let limit = Skew.limitOfChance(backends: facts.backendCount, dealt: facts.calls)
    if skew.coefficientOfVariation <= limit {
      let chance = NumberText.decimal(skew.coefficientOfVariationByChance, digits: 2)
      let own = NumberText.decimal(skew.coefficientOfVariation, digits: 2)
      return Verdict(
        kind: .evenByChance,
        sentence: "\(facts.theCalls) are spread \(over) as evenly as by chance "
          + "(coefficient of variation \(own), by chance about \(chance); \(most))")
    }
    let split = NumberText.shares(facts.counts)
    return Verdict(
      kind: .uneven,
      sentence: "\(facts.theCalls) are spread unevenly \(over): \(split) (\(most)); "
        + "whether weights ask for that is not known")
  }
}
