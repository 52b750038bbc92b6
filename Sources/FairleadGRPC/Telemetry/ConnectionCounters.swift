import CoreMetrics

/// Counts connections, under `grpc.subchannel` (gRFC A94) and, with `pick_first`, under its own name
/// (gRFC A78) too.
struct ConnectionCounters: Sendable {
  private let attemptsSucceeded: [Counter]
  private let attemptsFailed: [Counter]
  private let disconnections: [Counter]

  init(factory: any MetricsFactory, target: String, isPickFirst: Bool) {
    let prefixes = ["grpc.subchannel"] + (isPickFirst ? ["grpc.lb.pick_first"] : [])
    func counters(_ name: String) -> [Counter] {
      prefixes.map {
        Counter(label: "\($0).\(name)", dimensions: [("grpc.target", target)], factory: factory)
      }
    }
    attemptsSucceeded = counters("connection_attempts_succeeded")
    attemptsFailed = counters("connection_attempts_failed")
    disconnections = counters("disconnections")
  }

  func succeeded() {
    for counter in attemptsSucceeded { counter.increment() }
  }

  func failed() {
    for counter in attemptsFailed { counter.increment() }
  }

  func disconnected() {
    for counter in disconnections { counter.increment() }
  }
}
