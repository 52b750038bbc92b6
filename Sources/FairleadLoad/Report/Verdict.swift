/// What a run's numbers show, and no more than that.
package struct Verdict: Sendable, Hashable, Codable {
  /// What kind of a verdict it is, for scripts.
  package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// No call ended.
    case noCalls = "no-calls"
    /// Every call failed.
    case allFailed = "all-failed"
    /// No answer says which backend gave it.
    case noBackends = "no-backends"
    /// Answers tell the address that was connected to and nothing else, so who is behind it is not seen.
    case oneAddress = "one-address"
    /// Only one backend is known, so there is nothing to compare.
    case oneBackend = "one-backend"
    /// Less than ten calls for each backend.
    case tooFewCalls = "too-few-calls"
    /// Every connection stayed on one backend.
    case byConnection = "by-connection"
    /// One backend of several answered all, and connections do not explain it.
    case notSpread = "not-spread"
    /// The counts are as good as equal.
    case even
    /// The counts differ as much as those of dice would.
    case evenByChance = "even-by-chance"
    /// The counts differ more than that. Whether they should is not known: backends may have weights.
    case uneven
  }

  package let kind: Kind

  /// One line for people, without a full stop. It names no backend: those names are a peer's.
  package let sentence: String
}
