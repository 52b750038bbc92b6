import FairleadBalancing
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf
import Synchronization

/// Has the server at the other end of one connection report its load, out of band, for as long as the
/// connection lives (gRFC A51).
struct LoadWatch: Sendable {
  let child: WrappedChannel
  /// How often a report is wanted; the server may send fewer.
  let period: Duration
  let backoff: Backoff
  let random: RandomSource

  /// Returns when the connection is gone, the task is cancelled, or the server does not report.
  func run(_ tell: @escaping @Sendable (LoadReport) -> Void) async {
    let client = Xds_Service_Orca_V3_OpenRcaService.Client(
      wrapping: GRPCClient(transport: child))
    let request = Xds_Service_Orca_V3_OrcaLoadReportRequest.with {
      $0.reportInterval = Google_Protobuf_Duration(rounding: period)
    }
    var failures = 0
    while !Task.isCancelled {
      let hasReported = Atomic(false)
      do {
        try await client.streamCoreMetrics(request) { response in
          for try await message in response.messages {
            hasReported.store(true, ordering: .relaxed)
            tell(LoadReport(message))
          }
        }
      } catch let error as RPCError where error.code == .unimplemented {
        return
      } catch {
        // Whatever ended it: it is asked for again.
      }
      failures = hasReported.load(ordering: .relaxed) ? 1 : failures + 1
      // Cancelled: the loop ends.
      try? await Task.sleep(for: backoff.delay(attempt: failures, random: random))
    }
  }
}
