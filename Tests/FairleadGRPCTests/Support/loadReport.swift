import GRPCCore
import SwiftProtobuf

@testable import struct FairleadGRPC.Xds_Data_Orca_V3_OrcaLoadReport

/// Trailers with a server's report of its load (gRFC A51).
func loadReport(_ requestsPerSecond: Double, at utilization: Double) throws -> Metadata {
  let report = Xds_Data_Orca_V3_OrcaLoadReport.with {
    $0.rpsFractional = requestsPerSecond
    $0.cpuUtilization = utilization
  }
  let bytes: [UInt8] = try report.serializedBytes()
  var metadata = Metadata()
  metadata.addBinary(bytes, forKey: "endpoint-load-metrics-bin")
  return metadata
}
