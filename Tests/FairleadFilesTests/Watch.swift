import FairleadManifests

@testable import FairleadFiles

/// A poller with a time of its own, and what it tells in words.
struct Watch {
  let start = ContinuousClock.now
  private var poller: FilePoller
  private var time: ContinuousClock.Instant
  /// What was read last, and how often.
  private(set) var last: FileConfiguration?
  private var count = 0

  init(_ paths: String..., limits: FileLimits = FileLimits()) {
    poller = FilePoller(paths: paths, limits: limits)
    time = start
  }

  /// `3: a b`, the number of the reading and the services; or `refused: ` and the codes; `nil` if nothing is
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
    case .read(let configuration):
      last = configuration
      count += 1
      return "\(count): \(configuration.serviceNames.joined(separator: " "))"
    case .refused(let refusal):
      let codes = refusal.findings.filter { $0.severity == .error }.map(\.code.rawValue)
      return "refused: \(codes.joined(separator: " "))"
    }
  }
}

extension FileConfiguration {
  var serviceNames: [String] { store.services.keys.sorted().map(\.name) }
  var ports: [Int] { store.services.values.flatMap(\.ports).map(\.port) }
}
