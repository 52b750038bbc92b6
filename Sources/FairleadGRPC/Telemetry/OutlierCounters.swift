import CoreMetrics
import FairleadBalancing

/// Counts what outlier detection does, under `grpc.lb.outlier_detection` (gRFC A91).
struct OutlierCounters: Sendable {
  private struct Spared: Hashable {
    let method: OutlierVerdict.Method
    let reason: OutlierVerdict.Reason
  }

  private var ejected: [OutlierVerdict.Method: Counter] = [:]
  private var spared: [Spared: Counter] = [:]

  init(factory: any MetricsFactory, target: String) {
    func counter(_ name: String, _ labels: [(String, String)]) -> Counter {
      Counter(
        label: "grpc.lb.outlier_detection.\(name)",
        dimensions: [("grpc.target", target)]
          + labels.map { ("grpc.lb.outlier_detection.\($0.0)", $0.1) },
        factory: factory)
    }
    for method in OutlierVerdict.Method.allCases {
      let found = ("detection_method", method.rawValue)
      ejected[method] = counter("ejections_enforced", [found])
      for reason in OutlierVerdict.Reason.allCases {
        spared[Spared(method: method, reason: reason)] = counter(
          "ejections_unenforced", [found, ("unenforced_reason", reason.rawValue)])
      }
    }
  }

  func judged(_ verdict: OutlierVerdict) {
    switch verdict {
    case .ejected(let method): ejected[method]?.increment()
    case .spared(let method, let reason):
      spared[Spared(method: method, reason: reason)]?.increment()
    case .returned: break
    }
  }
}
