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

  /// Judges each run against the backends that it can have: what its target's resolver gave, or else what answered it and the
  /// runs that have a target or a backend in common with it. A backend that answered in one of them and not in another counts
  /// as a backend without calls there.
  ///
  /// - Parameters:
  ///   - backendCount: How many there are, where the user has said so.
  ///   - startedAt: When the first run began, as RFC 3339 writes it.
  package init(
    method: String, backendsBy: String, runs: [LoadRun], backendCount: Int? = nil,
    startedAt: String? = nil
  ) {
    self.method = method
    self.startedAt = startedAt
    self.backendsBy = backendsBy
    let known = Self.known(of: runs, by: backendsBy, backendCount: backendCount)
    self.backends = KnownBackends(
      answered: runs.flatMap { $0.backends.map(\.name) },
      resolved: backendsBy == "peer" ? runs.flatMap(\.endpoints) : [], given: backendCount)
    self.runs = zip(runs, known).map { $0.judged(against: $1, by: backendsBy) }
  }
}
