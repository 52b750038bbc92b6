import GRPCCore

/// What grpc-swift's transport says of a call that no server has answered, in words for who made it.
package enum TransportWords {
  private static let notGRPC = "Missing content-type header"
  private static let lost = [
    "Stream unexpectedly closed", "subchannel is unavailable", "Channel isn't ready",
  ]

  package static func plain(_ message: String) -> String {
    if message == notGRPC {
      return
        "The answer is not gRPC: its content-type is not application/grpc; check the address and "
        + "the port."
    }
    guard lost.contains(where: message.hasPrefix) else { return message }
    return "The connection was lost before the call was answered."
  }
}
