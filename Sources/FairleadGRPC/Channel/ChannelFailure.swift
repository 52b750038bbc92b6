import FairleadBalancing
import FairleadDiscovery
import GRPCCore

/// What calls are told when the channel cannot serve them, as gRPC statuses.
package enum ChannelFailure {
  /// How the message begins when there are endpoints and none can be reached; the last error follows.
  package static let unreachable = "No endpoint can be reached; the last error: "
  /// How it begins when there are none; the resolver's sentence follows, if it has one.
  package static let noEndpoints = "The target has no endpoints."

  /// How it begins when servers take connections and no calls; why the last one was lost follows.
  package static let shortLived = "Connections end before a call can be made; the last one: "

  static func shortLived(_ reason: String) -> RPCError {
    RPCError(code: .unavailable, message: "\(self.shortLived)\(reason)")
  }

  /// As grpc-swift's own transport says it, though `ClientTransport` speaks of `failedPrecondition`.
  static let shutDown = RPCError(
    code: .unavailable, message: "The transport is shutting down; make calls before that.")

  static func tooManyWait(_ limit: Int) -> RPCError {
    RPCError(
      code: .resourceExhausted,
      message: "\(limit) calls wait for a connection already, the limit of this transport.")
  }

  static func unresolved(_ failure: ResolutionFailure) -> RPCError {
    RPCError(code: .unavailable, message: failure.message)
  }

  static func noEndpoint(_ failure: PickFailure, resolution: ResolutionFailure?) -> RPCError {
    switch failure {
    case .noEndpoints:
      let cause = resolution.map { " \($0.message)" } ?? ""
      return RPCError(code: .unavailable, message: "\(self.noEndpoints)\(cause)")
    case .allUnreachable(let lastError):
      return RPCError(
        code: .unavailable, message: "\(self.unreachable)\(lastError)")
    }
  }

  /// - Parameter reason: Why the last connection was lost, if that is known.
  static func noStream(_ reason: String?) -> RPCError {
    if let reason { return shortLived(reason) }
    return RPCError(
      code: .unavailable,
      message:
        "Connections closed as often as the call was given one; the servers may be restarting.")
  }

  /// What a caller sees if a stream that no server processed cannot be begun anew.
  ///
  /// - Parameter reason: Why its connection was lost, if it was.
  static func unprocessed(_ reason: String?) -> Status {
    Status(
      code: .unavailable,
      message: "The server refused the stream before it was processed"
        + (reason.map { ": \($0)." } ?? "."))
  }
}
