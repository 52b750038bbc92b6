/// What one use of `fairlead load` found: its runs, side by side.
///
/// Its JSON is what `--json` prints. Keys are stable: new ones may come, none goes or changes its meaning. Numbers are
/// numbers; units stand in the keys.
package struct LoadReport: Sendable, Hashable, Codable {
  /// What was called, such as `helloworld.Greeter/SayHello`.
  package let method: String

  /// When the first run began, as RFC 3339 writes it; nil when nobody has said.
  package let startedAt: String?

  /// How answers were told apart: `peer`, `header x-pod` or `field pod`.
  package let backendsBy: String

  /// All that is known of the backends, from every run.
  package let backends: KnownBackends

  /// In the order in which they were made.
  package let runs: [LoadRun]

  /// Judges each run against what all of them have seen: a backend that answered in one run and not in another counts as a
  /// backend without calls there. Not so where peers are told apart by address and all connections went to one: another run's
  /// address is no backend of that one.
  ///
  /// - Parameters:
  ///   - resolved: Names that are known from elsewhere, such as a resolver's endpoints; written as the answers name them.
  ///   - backendCount: How many there are, where the user has said so.
  ///   - startedAt: When the first run began, as RFC 3339 writes it.
  package init(
    method: String, backendsBy: String, runs: [LoadRun], resolved: [String] = [],
    backendCount: Int? = nil, startedAt: String? = nil
  ) {
    self.method = method
    self.startedAt = startedAt
    self.backendsBy = backendsBy
    self.backends = KnownBackends(
      answered: runs.flatMap { $0.backends.map(\.name) }, resolved: resolved, given: backendCount)
    let telling = runs.filter { !$0.seesAddressesOnly(by: backendsBy) }
    let known = KnownBackends(
      answered: telling.flatMap { $0.backends.map(\.name) }, resolved: resolved,
      given: backendCount)
    self.runs = runs.map { run in
      run.seesAddressesOnly(by: backendsBy)
        ? run.judged(against: KnownBackends(answered: run.backends.map(\.name)), by: backendsBy)
        : run.judged(against: known, by: backendsBy)
    }
  }
}
