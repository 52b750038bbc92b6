import CoreMetrics
import FairleadBalancing

/// Counts what a policy makes of load reports, under `grpc.lb.wrr` (gRFC A78).
struct WeightCounters: Sendable {
  private let fallbacks: Counter
  private let notYetUsable: Counter
  private let stale: Counter
  private let weights: Recorder

  init(factory: any MetricsFactory, target: String) {
    let labels = [("grpc.target", target)]
    func counter(_ name: String) -> Counter {
      Counter(label: "grpc.lb.wrr.\(name)", dimensions: labels, factory: factory)
    }
    fallbacks = counter("rr_fallback")
    notYetUsable = counter("endpoint_weight_not_yet_usable")
    stale = counter("endpoint_weight_stale")
    weights = Recorder(
      label: "grpc.lb.wrr.endpoint_weights", dimensions: labels, aggregate: true, factory: factory)
  }

  /// A picker was made. Fewer than two weights that count make it round robin; one that does not
  /// count is recorded as 0.
  func weighed(_ reported: [ReportedWeight]) {
    if reported.count(where: { $0.value != nil }) < 2 { fallbacks.increment() }
    for weight in reported {
      switch weight {
      case .usable: break
      case .notYetUsable: notYetUsable.increment()
      case .stale: stale.increment()
      }
      weights.record(weight.value ?? 0)
    }
  }
}
