/// What a verdict on the spread of calls is made from: counts by backend, and how the connections lay.
struct SpreadFacts: Sendable {
  let mode: LoadMode

  /// Connections of the run that carried calls, or all of them where that is not known.
  let connections: Int

  /// Whether those are all that were asked for, no more and no fewer.
  let isAllConnections: Bool

  /// How many of them had calls enough to be seen on another backend.
  private let connectionsJudged: Int

  /// Calls of which the backend is known; at least 1.
  let calls: Int

  /// Whether those are all calls of the run.
  let isAllCalls: Bool

  /// How many backends there are.
  let backendCount: Int

  /// Whether somebody has said so, rather than only those that answered being known.
  let isComplete: Bool

  /// Each backend's calls, with a zero for each that never answered.
  let counts: [Int]

  /// Each backend's connections, nil when they were not counted.
  let connectionCounts: [Int]?

  let skew: Skew

  /// Nil when no call has a backend.
  init?(run: LoadRun, known: KnownBackends, calls: Int) {
    guard let skew = run.skew, calls > 0 else { return nil }
    mode = run.mode
    connections = run.connectionsUsed ?? run.connections
    isAllConnections = connections == run.connections
    connectionsJudged = run.connectionsJudged ?? 0
    self.calls = calls
    isAllCalls = calls == run.calls
    backendCount = known.count
    isComplete = known.isComplete
    let silent = Array(repeating: 0, count: max(0, known.count - run.backends.count))
    counts = run.backends.map(\.calls) + silent
    let counted = run.backends.compactMap(\.connections)
    connectionCounts = counted.count == run.backends.count ? counted + silent : nil
    self.skew = skew
  }

  /// Backends that answered.
  var heard: Int {
    counts.count { $0 > 0 }
  }

  /// Whether it is seen that every connection stayed on one backend: there are as many pairs of backend and connection as
  /// connections. One that had few calls would have stayed anyway, so that at least two must have had enough.
  var eachConnectionStayed: Bool {
    guard mode == .connection, connectionsJudged >= 2, let counted = connectionCounts else {
      return false
    }
    return counted.reduce(0, +) == connections
  }

  /// "all 10,000 calls", or "all 9,880 answered calls" when of others nobody knows who answered.
  var allCalls: String {
    NumberText.all(calls, isAllCalls ? "call" : "answered call")
  }

  /// "the calls".
  var theCalls: String {
    isAllCalls ? "the calls" : "the answered calls"
  }

  /// "3 backends".
  var backends: String {
    NumberText.count(backendCount, "backend")
  }
}
