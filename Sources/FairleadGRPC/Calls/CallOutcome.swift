import FairleadBalancing
import GRPCCore

/// How a call ended at its endpoint.
struct CallOutcome: Sendable {
  /// The final status, from trailers or without; `nil` if the caller gave up before there was one.
  var status: Status.Code?
  /// From the opened stream to the end.
  var duration: Duration
  /// Of messages, before compression.
  var bytesSent = 0
  var bytesReceived = 0
  /// What the server said of its load.
  var report: LoadReport?
}
