/// What one worker counts for one endpoint of one cluster.
///
/// A plain value, owned and changed by one event loop without locks. Its lists are allocated by `init`, so counting a
/// call allocates nothing, but for the first call after a scrape that still holds a copy: give ``copy()`` to the scrape.
package struct EndpointMetrics: Sendable {
  package private(set) var calls = CallCounters()
  /// Attempts given up here, whose calls went on to another endpoint, or came back to this one.
  package private(set) var retries = RetryCounts()
  /// HTTP/2 connections opened and closed; those that failed to open are in neither.
  package private(set) var connectionsOpened: UInt64 = 0
  package private(set) var connectionsClosed: UInt64 = 0
  package private(set) var connectFailures: UInt64 = 0
  /// Connections balanced as they come, without looking into them.
  package var tcp = TCPCounters()

  package init() {}

  /// HTTP/2 connections that are open.
  package var connectionsActive: UInt64 {
    connectionsOpened > connectionsClosed ? connectionsOpened - connectionsClosed : 0
  }

  /// A call was given to the endpoint. Exactly one of ``callEnded(_:)`` and ``callRetried(_:)`` must follow.
  package mutating func callBegan() {
    calls.callBegan()
  }

  /// A call that began here has ended, and this is what its client saw.
  package mutating func callEnded(_ outcome: borrowing CallOutcome) {
    calls.callEnded(outcome)
  }

  /// A call that began here was given up here and goes on at another endpoint, where it begins anew.
  package mutating func callRetried(_ cause: RetryCause) {
    calls.callMoved()
    retries.count(cause)
  }

  /// A call that waited for a connection to this endpoint, and so never began here, goes on at another one.
  package mutating func waitingCallRetried(_ cause: RetryCause) {
    retries.count(cause)
  }

  package mutating func connectionOpened() {
    connectionsOpened &+= 1
  }

  package mutating func connectionClosed() {
    connectionsClosed &+= 1
  }

  package mutating func connectFailed() {
    connectFailures &+= 1
  }

  /// The same counts in storage of their own.
  package func copy() -> EndpointMetrics {
    var copy = EndpointMetrics()
    copy += self
    return copy
  }

  package static func += (total: inout EndpointMetrics, other: EndpointMetrics) {
    total.calls += other.calls
    total.retries += other.retries
    total.connectionsOpened &+= other.connectionsOpened
    total.connectionsClosed &+= other.connectionsClosed
    total.connectFailures &+= other.connectFailures
    total.tcp += other.tcp
  }
}
