import FairleadBalancing
import GRPCCore

extension LoadReport {
  /// The report in a response's trailers, `endpoint-load-metrics-bin` (gRFC A51); `nil` without one.
  init?(trailers: Metadata) {
    return nil
  }
}
