/// One run of load: so many calls to one target over so many connections, and what became of them.
///
/// What happened while warming up is in none of its numbers.
package struct LoadRun: Sendable, Hashable, Codable {
  /// What to call it in a report: unique among the runs of one report.
  package let name: String

  /// `HOST:PORT`, or the target that a resolver took.
  package let target: String

  package let mode: LoadMode

  /// Connections that were asked for.
  package let connections: Int

  /// Calls under way at once, over all connections; in an open loop as many as may be.
  package let concurrency: Int

  /// Calls a second that were asked for, nil when each call waited for another to end (a closed loop).
  package let ratePerSecond: Double?

  package let warmUpSeconds: Double

  /// From the first measured call's start to the last one's end.
  package let elapsedSeconds: Double

  /// Measured calls that have ended, failed ones too.
  package let calls: Int

  /// Those with another status than OK.
  package let failed: Int

  /// In an open loop: calls that were due and never begun, because too many were still under way.
  package let notSent: Int

  /// `calls` over `elapsedSeconds`.
  package let callsPerSecond: Double

  /// Octets of messages with gRPC's own five in front of each, without headers and HTTP/2 frames.
  package let bytesSent: Int
  package let bytesReceived: Int

  /// Of the calls that a server answered, with whatever status, or that our deadline ended. Those that no connection took fail
  /// at once, and would make the server look fast. Nil when there are none.
  package let latency: LatencySummary?

  /// In order, without gaps.
  package let timeline: [LoadInterval]

  /// The most frequent first.
  package let statuses: [StatusCount]

  /// In the order of their names; those without a call too, if they are known.
  package private(set) var backends: [BackendCount]

  /// How many backends it is judged against: as many as have a name here, or more where the user has said so.
  package private(set) var backendCount = 0

  /// The addresses that the target's resolver gave; none without one.
  package var endpoints: [String] = []

  /// Connections over which known backends answered: fewer than were asked for if some carried no call, more if some were lost
  /// and replaced. Nil when nobody has counted.
  package internal(set) var connectionsUsed: Int?

  /// Those of them over which enough calls were answered to see whether they stay on one backend: ten.
  package internal(set) var connectionsJudged: Int?

  /// Calls of which it is not known who answered, if anyone did.
  package let unattributed: Int

  /// Failed calls that are in no latency, as no server answered them.
  package internal(set) var callsWithoutLatency = 0

  /// What a reader of the numbers has to know besides, each a sentence.
  package var notes: [String] = []

  /// It was stopped by hand before its plan was done.
  package var wasStopped = false

  /// Why it ended before its plan was done, if nobody stopped it: a sentence.
  package var failure: String?

  /// How unequal the calls by backend are; nil when no call has a backend.
  package private(set) var skew: Skew?

  /// What the numbers show, in one sentence.
  package private(set) var verdict: Verdict

  /// Judged by itself; `LoadReport` judges it by all that is known.
  package init(
    name: String, target: String, mode: LoadMode, connections: Int, concurrency: Int,
    ratePerSecond: Double?, warmUpSeconds: Double, elapsedSeconds: Double, calls: Int, failed: Int,
    notSent: Int, bytesSent: Int, bytesReceived: Int, latency: LatencySummary?,
    timeline: [LoadInterval], statuses: [StatusCount], backends: [BackendCount]
  ) {
    self.name = name
    self.target = target
    self.mode = mode
    self.connections = connections
    self.concurrency = concurrency
    self.ratePerSecond = ratePerSecond
    self.warmUpSeconds = warmUpSeconds
    self.elapsedSeconds = elapsedSeconds
    self.calls = calls
    self.failed = failed
    self.notSent = notSent
    self.callsPerSecond = elapsedSeconds > 0 ? Double(calls) / elapsedSeconds : 0
    self.bytesSent = bytesSent
    self.bytesReceived = bytesReceived
    self.latency = latency
    self.timeline = timeline
    self.statuses = statuses.sorted { ($1.calls, $0.name) < ($0.calls, $1.name) }
    self.backends = backends
    self.unattributed = max(0, calls - backends.reduce(0) { $0 + $1.calls })
    self.verdict = Verdict(kind: .noCalls, sentence: "")
    judge(against: KnownBackends(answered: backends.map(\.name)), by: "")
  }

  /// The same run, with a row for each known backend, and skew and verdict over all of them.
  ///
  /// - Parameter by: How answers were told apart, such as `header x-pod`; empty when it is not known.
  package func judged(against known: KnownBackends, by backendsBy: String) -> LoadRun {
    var run = self
    run.judge(against: known, by: backendsBy)
    return run
  }

  /// Whether answers tell nothing but the address that was connected to, which is not who answered if a balancer is there.
  ///
  /// - Parameter by: How answers were told apart.
  package func seesAddressesOnly(by backendsBy: String) -> Bool {
    switch mode {
    case .connection: backendsBy == "peer"
    case .balanced: false
    }
  }

  private mutating func judge(against known: KnownBackends, by backendsBy: String) {
    let measured = Dictionary(backends.map { ($0.name, $0) }, uniquingKeysWith: { $0.merged($1) })
    let attributed = backends.reduce(0) { $0 + $1.calls }
    backends = known.names.map { name in
      (measured[name] ?? .unheard(name)).sharing(attributed)
    }
    backendCount = known.count
    skew = Skew(calls: backends.map(\.calls), backends: known.count)
    verdict = Verdict(of: self, known: known, by: backendsBy)
  }
}
