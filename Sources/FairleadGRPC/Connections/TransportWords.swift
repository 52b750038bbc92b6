import GRPCCore

/// What grpc-swift's transport says of a call that no server has answered, in words for who made it.
package enum TransportWords {
  private static let notGRPC = "Missing content-type header"

  /// - Parameter received: How many messages came before.
  /// - Returns: A sentence, or the error's own message: what a server says stays as it is.
  package static func plain(_ error: RPCError, received: Int = 0) -> String {
    if error.message == notGRPC {
      return
        "The answer is not gRPC: its content-type is not application/grpc; check the address and "
        + "the port."
    }
    switch StreamEnd(error) {
    case .reset(let code):
      return "The server reset the stream (\(code.name))."
    case .lost where received > 0:
      return "The connection was lost before the call ended."
    case .lost:
      return "The connection was lost before the call was answered."
    case nil:
      return error.message
    }
  }
}
