/// What a row of the demo must show for the demo to have proved its point.
enum DemoClaim: Sendable, Hashable {
  /// All calls went to one pod, whichever.
  case onePod
  /// Each pod got a multiple of this many calls: those of a connection stay together.
  case multiples(of: Int)
  /// Exactly these pods got exactly these calls.
  case exactly([String: Int])
  /// At most this many calls failed.
  case failures(atMost: Int)
  /// The measured time is at most this, in milliseconds.
  case milliseconds(atMost: Double)

  /// Why the row does not bear it out; `nil` when it does.
  func objection(to row: DemoRow) -> String? {
    let pods = row.tally.callsByPod
    switch self {
    case .onePod:
      return pods.count == 1 ? nil : "\(pods.count) pods answered, expected one"
    case .multiples(let unit):
      let isWhole = !pods.isEmpty && pods.values.allSatisfy { $0 % unit == 0 }
      return isWhole ? nil : "the calls of a connection were split: \(row.callsByPod)"
    case .exactly(let expected):
      let wanted = DemoRow.text(expected)
      return pods == expected ? nil : "calls by pod are \(row.callsByPod), expected \(wanted)"
    case .failures(let most):
      let failed = row.tally.failed
      return failed <= most ? nil : "\(failed) calls failed, expected at most \(most)"
    case .milliseconds(let most):
      guard let measured = row.milliseconds else { return "the time was not measured" }
      return measured <= most
        ? nil : "it took \(DemoRow.text(measured)) ms, expected at most \(DemoRow.text(most))"
    }
  }
}
