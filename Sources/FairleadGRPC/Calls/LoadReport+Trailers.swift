import FairleadBalancing
import GRPCCore
import SwiftProtobuf

extension LoadReport {
  static let trailerKey = "endpoint-load-metrics-bin"

  /// The report in a response's trailers, `endpoint-load-metrics-bin` (gRFC A51). `nil` without one, and
  /// with one that cannot be read.
  init?(trailers: Metadata) {
    for bytes in trailers[binaryValues: Self.trailerKey] {
      guard let message = try? Xds_Data_Orca_V3_OrcaLoadReport(serializedBytes: bytes) else {
        return nil
      }
      self.init(message)
      return
    }
    return nil
  }

  init(_ message: Xds_Data_Orca_V3_OrcaLoadReport) {
    self.init(
      requestsPerSecond: message.rpsFractional, errorsPerSecond: message.eps,
      applicationUtilization: message.applicationUtilization,
      cpuUtilization: message.cpuUtilization)
  }
}
