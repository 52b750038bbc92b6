import Synchronization

/// What is going on at one endpoint, counted for as long as the endpoint is in the set, whatever
/// pickers come and go.
///
/// Safe to use from any thread; each counter is exact, two of them read together may be of
/// different moments.
public final class EndpointLoad: Sendable {
  private let activeCalls = Atomic<Int>(0)
  private let totalCalls = Atomic<Int>(0)
  /// How calls ended, for outlier detection.
  let tally = CallTally()
  let latency = PeakLatency()
  let reports = ReportedLoad()

  /// Counters at zero.
  public init() {}

  /// Calls that began and have not ended.
  public var active: Int { activeCalls.load(ordering: .relaxed) }
  /// Calls that ever began.
  public var total: Int { totalCalls.load(ordering: .relaxed) }

  /// A call was given to the endpoint. Balanced by one ``callEnded()``.
  public func callBegan() {
    activeCalls.wrappingAdd(1, ordering: .relaxed)
    totalCalls.wrappingAdd(1, ordering: .relaxed)
  }

  /// A call that began has ended, however it did.
  public func callEnded() {
    activeCalls.wrappingSubtract(1, ordering: .relaxed)
  }

  /// A call took so long from its start to its first answer, or to its end. Record only calls that
  /// succeeded: an endpoint that fails quickly is not a quick one.
  ///
  /// - Parameter now: the time since any fixed moment, the same as for ``PickRequest/now``.
  public func recordLatency(_ latency: Duration, now: Duration) {
    self.latency.record(latency, now: now)
  }

  /// The endpoint reported its load, with a call or out of band.
  ///
  /// - Parameter now: the time since any fixed moment, the same as for ``Balancer/refresh(now:)``.
  public func record(_ report: LoadReport, now: Duration) {
    reports.record(report, now: now)
  }

  /// The peak EWMA of the recorded latencies, as of the last one; `nil` before the first.
  public var peakLatency: Duration? {
    latency.latest.map { .seconds($0) }
  }

  /// A call that began has ended with this final gRPC status, in trailers or without. Use
  /// ``callEnded()`` for one that says nothing of the endpoint: the client cancelled it.
  ///
  /// Returns whether so many calls in a row have failed that the owner should tell
  /// ``Balancer/failedInARow(_:now:)``.
  public func callEnded(status: Int) -> Bool {
    callEnded()
    return tally.record(status: status)
  }
}
