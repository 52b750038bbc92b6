import FairleadManifests

@testable import FairleadFiles

/// A poller with a time of its own, and what it tells in words.
struct Watch {
  let start = ContinuousClock.now
  private var poller: FilePoller
  private var time: ContinuousClock.Instant
  /// What was applied last.
  private(set) var applied: AppliedConfiguration?

  init(_ paths: String..., limits: FileLimits = FileLimits()) {
    poller = FilePoller(paths: paths, options: CompileOptions(), limits: limits)
    time = start
  }

  /// `3: a b`, the generation and the services; or `refused: ` and the codes; `nil` if nothing is
  /// told. Without a duration, after as long as the poller asks for. `meanwhile` happens between the
  /// look and the reading.
  mutating func look(after pause: Duration? = nil, meanwhile: () -> Void = {}) -> String? {
    time += pause ?? poller.interval
    let now = time
    let update = poller.poll {
      meanwhile()
      return now
    }
    return update.map { describe($0) }
  }

  /// The two looks that a change takes. The first tells nothing.
  mutating func settle() -> String? {
    look().map { "too early, \($0)" } ?? look()
  }

  /// All that is told within a second.
  mutating func lookPatiently() -> [String] {
    let end = time + .milliseconds(950)
    var told: [String] = []
    while time < end { told += look().map { [$0] } ?? [] }
    return told
  }

  private mutating func describe(_ update: FileUpdate) -> String {
    switch update {
    case .applied(let configuration):
      applied = configuration
      let names = configuration.snapshot.virtualHosts.map(\.service.name)
      return "\(configuration.snapshot.generation): \(names.joined(separator: " "))"
    case .refused(let refusal):
      let codes = refusal.findings.filter { $0.severity == .error }.map(\.code.rawValue)
      return "refused: \(codes.joined(separator: " "))"
    }
  }
}
