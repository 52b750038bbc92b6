import GRPCCore

/// What a test server has seen so far.
struct ServerRecord: Sendable {
  /// A call as it arrived.
  struct Call: Sendable {
    var method: String
    var metadata: Metadata
    /// The client's end of the connection, `ipv4:127.0.0.1:1234`.
    var peer: String
  }

  /// The first ten thousand calls, in the order of arrival. Those that no service implements are
  /// not among them.
  var calls: [Call] = []

  /// Calls that arrived.
  var started = 0
  /// Calls that are not at their end. Falls before the status is sent.
  var running = 0
  /// The most that ran at once.
  var mostRunning = 0
  /// Calls that ended with an error: those told to fail, and those that the client gave up.
  var failed = 0
  /// TCP connections that were accepted.
  var accepted = 0
  /// TCP connections that are open.
  var connected = 0

  private static let limit = 10_000

  mutating func begin(_ call: Call) {
    if self.calls.count < Self.limit { self.calls.append(call) }
    self.started += 1
    self.running += 1
    self.mostRunning = max(self.mostRunning, self.running)
  }

  mutating func end(hasFailed: Bool) {
    self.running -= 1
    if hasFailed { self.failed += 1 }
  }
}
