/// Decides what a look at an endpoint file means. It knows that a file may be half written: one that
/// is gone or empty for a moment is looked at again before that is told.
struct EndpointFileLedger: Sendable {
  /// Looks for which a file that is gone or empty is taken for one that is being written.
  static let patience = 2

  /// What was found at the path.
  enum Look: Sendable, Equatable {
    case text(String)
    case unreadable(String)
  }

  enum Verdict: Sendable, Equatable {
    case wait
    case answered([ResolvedEndpoint])
    case failed(ResolutionFailure)
  }

  private let path: String
  private var last: (text: String, verdict: Verdict)?
  private var patienceSpent = 0

  init(path: String) {
    self.path = path
  }

  mutating func took(_ look: Look) -> Verdict {
    switch look {
    case .text(let text):
      if text.isEmpty, isPatient() { return .wait }
      if !text.isEmpty { patienceSpent = 0 }
      if let last, last.text == text { return last.verdict }
      let verdict = judge(text)
      last = (text, verdict)
      return verdict
    case .unreadable(let reason):
      if isPatient() { return .wait }
      return .failed(
        ResolutionFailure(
          .unreachable, "The endpoint file \(path) cannot be read: \(reason); check the path."))
    }
  }

  /// Nothing was read before: there is nothing that could be half replaced.
  private mutating func isPatient() -> Bool {
    guard last != nil, patienceSpent + 1 < Self.patience else { return false }
    patienceSpent += 1
    return true
  }

  private func judge(_ text: String) -> Verdict {
    do {
      return .answered(try EndpointFile(text, path: path).endpoints)
    } catch {
      return .failed(error)
    }
  }
}
