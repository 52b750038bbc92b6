import FairleadLoad

/// What a report says of a run in words, on paper and in a browser.
struct LoadWords: Sendable {
  let run: LoadRun

  var name: String { PeerText.name(run.name, limit: 60) }

  /// `127.0.0.1:9000, 1 connection, 10 calls at once`.
  var conditions: String {
    var parts = [PeerText.line(run.target)]
    switch run.mode {
    case .connection: parts.append(NumberText.count(run.connections, "connection"))
    case .balanced(let policy): parts.append("balanced here by \(PeerText.line(policy))")
    }
    if let rate = run.ratePerSecond {
      parts.append("\(NumberText.rate(rate)) calls/s asked for")
      parts.append("at most \(NumberText.count(run.concurrency, "call")) at once")
    } else {
      parts.append("\(NumberText.count(run.concurrency, "call")) at once")
    }
    if run.warmUpSeconds > 0 {
      parts.append("after \(NumberText.time(run.warmUpSeconds)) of warm-up")
    }
    return parts.joined(separator: ", ")
  }

  /// `10,000 calls in 2.31 s, 4,329 calls/s, none failed, 195.3 KiB sent, 390.6 KiB received`.
  var outcome: String {
    let calls = NumberText.count(run.calls, "call")
    let time = NumberText.time(run.elapsedSeconds)
    let (sent, received) = (NumberText.bytes(run.bytesSent), NumberText.bytes(run.bytesReceived))
    return "\(calls) in \(time), \(NumberText.rate(run.callsPerSecond)) calls/s, \(failures), "
      + "\(sent) sent, \(received) received"
  }

  /// `none failed`, `12 failed (1.2%)`.
  var failures: String {
    guard run.failed > 0 else { return "none failed" }
    let share = NumberText.percent(Double(run.failed) / Double(max(1, run.calls)))
    return "\(NumberText.count(run.failed)) failed (\(share))"
  }

  /// What is to be known before the numbers are believed; a sentence each.
  var remarks: [String] {
    var remarks: [String] = []
    if run.notSent > 0, run.calls > 0 {
      let calls = NumberText.count(run.notSent, "more call")
      remarks.append(
        "\(calls) \(run.notSent == 1 ? "was" : "were") due and never begun, as too many were "
          + "under way: the target, or this machine, does not keep up.")
    }
    if run.unattributed > 0, !run.backends.isEmpty {
      let calls = NumberText.count(run.unattributed, "call")
      remarks.append("\(calls) \(run.unattributed == 1 ? "has" : "have") no backend.")
    }
    if run.callsWithoutLatency > 0, run.calls > 0 {
      let calls = NumberText.count(run.callsWithoutLatency, "failed call")
      remarks.append(
        "\(calls) \(run.callsWithoutLatency == 1 ? "is" : "are") in no latency, as no server answered: "
          + "callers may have waited longer than the latencies say.")
    }
    remarks += run.notes.map { PeerText.line($0, limit: 400) }
    if run.wasStopped { remarks.append("The run was stopped before its plan was done.") }
    if let failure = run.failure { remarks.append(PeerText.line(failure, limit: 400)) }
    return remarks
  }

  /// `max/mean 1.00, coefficient of variation 0.00 (by chance about 0.01)`; nil with nothing to compare.
  var skew: String? {
    guard let skew = run.skew, run.backends.count > 1 || skew.maxOverMean > 1 else { return nil }
    func text(_ number: Double) -> String { NumberText.decimal(number, digits: 2) }
    return "max/mean \(text(skew.maxOverMean)), coefficient of variation "
      + "\(text(skew.coefficientOfVariation)) "
      + "(by chance about \(text(skew.coefficientOfVariationByChance)))"
  }

  /// The verdict; a policy or a header that it names is the user's text.
  var verdict: String { PeerText.line(run.verdict.sentence, limit: 400) }

  /// `latency`, or from when it is measured in an open loop.
  var latencyTitle: String {
    run.latency?.isMeasuredFromIntendedStart == true
      ? "latency from when each call was due" : "latency"
  }

  /// How a verdict is to be taken.
  enum Mood: String {
    case good
    case warning
    case bad
    case neutral
  }

  var mood: Mood {
    if run.failed * 2 > run.calls { return .bad }
    return switch run.verdict.kind {
    case .noCalls, .allFailed: .bad
    case .byConnection, .notSpread, .uneven: .warning
    case .noBackends, .oneAddress, .oneBackend, .tooFewCalls: run.failed > 0 ? .warning : .neutral
    case .even, .evenByChance: run.failed > 0 ? .warning : .good
    }
  }
}
