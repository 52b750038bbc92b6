/// What was seen of the calls of one run, warm-up excluded. A value that one worker of the run owns; those of all workers
/// are merged at its end.
package struct Measurements: Sendable {
  /// Calls of one status.
  package struct StatusMeasurements: Sendable, Hashable {
    package internal(set) var count = 0
    /// What one of them said; empty if it said nothing.
    package internal(set) var exampleMessage = ""
  }

  /// Of calls that a server answered or that our deadline ended; those that no connection took or kept are left out, since
  /// they failed fast and would make the server look fast.
  package private(set) var latencies = LatencyHistogram()
  /// In the order in which they first answered.
  package private(set) var backends: [BackendMeasurements] = []
  package private(set) var timeline = Timeline()
  /// Calls that a known backend answered, by connection: one number for each over which any came, in no order.
  package private(set) var callsByConnection: [Int] = []
  /// Calls that ended, whatever their status.
  package private(set) var calls = 0
  /// Those that ended with another status than OK.
  package private(set) var failed = 0
  /// Where each backend's name stands.
  private var indices: [String: Int] = [:]
  private var byStatus = [StatusMeasurements](
    repeating: StatusMeasurements(), count: StatusCode.allCases.count)

  /// Calls that were due by the rate and never begun, as too many were outstanding already. They are not in any other
  /// number.
  package var notSent = 0
  /// Payload of the calls, gRPC's five bytes for each message included, headers and HTTP/2 frames excluded.
  package var bytesSent = 0
  package var bytesReceived = 0
  package var connectionsOpened = 0
  /// Connections that ended before the run did.
  package var connectionsLost = 0

  /// Backends beyond this many are counted as one, under ``otherBackends``.
  package static let maximumBackends = 1000
  /// Names are cut to so many bytes: a peer may send any number of them.
  static let longestName = 256
  package static let otherBackends = "(others)"
  /// Connections beyond these are counted with the last of them.
  static let maximumConnections = 100_000

  package init() {}

  // MARK: Recording

  /// The number to record this backend's calls under. Slower than recording: keep it.
  package mutating func backend(named name: String) -> Int {
    let name =
      name.utf8.count > Self.longestName
      ? String(decoding: name.utf8.prefix(Self.longestName), as: UTF8.self) : name
    if let index = indices[name] { return index }
    guard backends.count < Self.maximumBackends || name == Self.otherBackends else {
      return backend(named: Self.otherBackends)
    }
    indices[name] = backends.count
    backends.append(BackendMeasurements(name: name))
    return backends.count - 1
  }

  /// This backend answered over the connection of this number, which is another one for each connection of a run. Enough to
  /// be said when another backend answers over it than before.
  package mutating func note(connection: Int, answeredBy backend: Int) {
    backends[backend].answered(over: connection)
  }

  /// The number to count the answers over one connection under; ask when the first comes.
  mutating func connection() -> Int {
    if callsByConnection.count < Self.maximumConnections { callsByConnection.append(0) }
    return callsByConnection.count - 1
  }

  /// A known backend answered a call over this connection, as ``connection()`` says.
  mutating func answered(over connection: Int) {
    callsByConnection[connection] += 1
  }

  /// A call ended.
  ///
  /// - Parameters:
  ///   - latencyNanoseconds: From its start, the intended one if it had one, to its status; `nil` if no server took it.
  ///   - backend: Who answered, as ``backend(named:)`` says; `nil` if nobody did or it cannot be told.
  ///   - at: When it ended, in nanoseconds since the measured part of the run began.
  package mutating func record(
    latencyNanoseconds: UInt64?, status: StatusCode, backend: Int?, at: UInt64
  ) {
    calls += 1
    if status != .ok { failed += 1 }
    byStatus[Int(status.rawValue)].count += 1
    timeline.record(latency: latencyNanoseconds, isFailure: status != .ok, at: at)
    if let latencyNanoseconds { latencies.record(nanoseconds: latencyNanoseconds) }
    guard let backend else { return }
    backends[backend].calls += 1
    if status != .ok { backends[backend].failed += 1 }
    if let latencyNanoseconds {
      backends[backend].latencies.record(nanoseconds: latencyNanoseconds)
    }
  }

  /// Whether a message is still wanted for this status, so that it need not be made for each call.
  package func wantsMessage(for status: StatusCode) -> Bool {
    byStatus[Int(status.rawValue)].exampleMessage.isEmpty
  }

  /// What a call with this status said; the first one is kept.
  package mutating func note(message: String, for status: StatusCode) {
    guard wantsMessage(for: status) else { return }
    byStatus[Int(status.rawValue)].exampleMessage = String(message.prefix(500))
  }

  /// Adds what another worker of the same run saw.
  package mutating func merge(_ other: Measurements) {
    latencies.merge(other.latencies)
    timeline.merge(other.timeline)
    for backend in other.backends {
      backends[self.backend(named: backend.name)].merge(backend)
    }
    callsByConnection += other.callsByConnection
    for status in StatusCode.allCases {
      let theirs = other.byStatus[Int(status.rawValue)]
      byStatus[Int(status.rawValue)].count += theirs.count
      note(message: theirs.exampleMessage, for: status)
    }
    calls += other.calls
    failed += other.failed
    notSent += other.notSent
    bytesSent += other.bytesSent
    bytesReceived += other.bytesReceived
    connectionsOpened += other.connectionsOpened
    connectionsLost += other.connectionsLost
  }

  // MARK: Reading

  /// Of all calls that ended with this status.
  package subscript(status: StatusCode) -> StatusMeasurements { byStatus[Int(status.rawValue)] }
}
