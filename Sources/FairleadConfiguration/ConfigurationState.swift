import FairleadDiscovery
import FairleadManifests
import FairleadRouting

/// What the configuration is made of, and which Snapshot comes next. A value without a clock.
struct ConfigurationState {
  private var live: LiveConfiguration
  /// Of the objects' text, beside those of the compiler.
  private var textFindings: [Finding] = []
  private var generation = 0
  /// Kinds of which the source has not told everything once.
  private var missing = Set(ManifestKind.allCases)
  /// Targets whose resolver says that something is wrong.
  private var failing: [String: ResolutionFailure] = [:]

  init(options: CompileOptions) {
    live = LiveConfiguration(options: options)
  }

  var targets: Set<String> { live.targets }

  /// Those whose failure is another than before, or over, by target. Remembers them.
  mutating func changedFailures(
    in resolutions: [String: Resolution]
  ) -> [(target: String, resolution: Resolution)] {
    let changed = resolutions.filter { failing[$0.key] != $0.value.failure }
    for (target, resolution) in changed {
      failing[target] = resolution.failure
    }
    return changed.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Takes news in, which has been there since `time`; the next configuration, `nil` if nothing is new or not every kind is
  /// known.
  mutating func take(
    changes: [ObjectChange], findings: [Finding]?, resolutions: [String: Resolution],
    since time: ContinuousClock.Instant
  ) -> AppliedConfiguration? {
    let hasOtherFindings = findings.map { $0 != textFindings } ?? false
    textFindings = findings ?? textFindings
    for case .replaceAll(let kind, _) in changes {
      missing.remove(kind)
    }
    var change = live.apply(changes)
    for (target, resolution) in resolutions {
      change = change.merging(live.resolve(target, to: resolution.eligible))
    }
    failing = failing.filter { live.targets.contains($0.key) }
    guard missing.isEmpty else { return nil }
    if generation == 0 { change = .everything }
    // What is said of the configuration belongs to it.
    if hasOtherFindings { change = change.merging(.endpoints(of: [])) }
    guard let changes = change.forSnapshot else { return nil }
    generation += 1
    return AppliedConfiguration(
      snapshot: live.compiled.snapshot(generation: generation, changes: changes),
      compiled: live.compiled, textFindings: textFindings, readAt: time)
  }
}
