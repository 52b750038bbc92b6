import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// A ``DirectConnection`` while it is open: calls over it, and words for what ends them.
package struct DirectLink: Sendable {
  package typealias Client = GRPCClient<HTTP2ClientTransport.WrappedChannel>

  /// Its calls fail when the connection ends.
  package let client: Client

  let mark: UnprocessedMark
  let loss: ConnectionLoss
  let attempt: ConnectionAttempt

  /// What a call failed with: in place of grpc-swift's words for the end of its stream, what the server
  /// did to the connection, for the middle of a sentence. What the server says about the call stays.
  package func explained(_ error: RPCError) async -> RPCError {
    // Streams learn of the end of their connection before it is told why.
    await attempt.settled()
    return Self.explained(error, mark: mark, loss: loss)
  }

  static func explained(
    _ error: RPCError, mark: UnprocessedMark, loss: ConnectionLoss
  ) -> RPCError {
    // grpc-swift does not know why a stream ended, and shows our own mark as if the server had sent it.
    guard let end = StreamEnd(error) else { return error }
    let status = Status(code: .unavailable, message: error.message)
    let words: String
    switch (mark.reason(of: status), loss.reason, end) {
    case (_, let reason?, _): words = reason
    case (.refused?, nil, _): words = "the server refused the call before it was processed"
    case (.unsent?, nil, _): words = "the connection ended before the call was sent"
    case (nil, nil, .reset(let code)): words = "the server reset the stream (\(code.name))"
    case (nil, nil, .lost): words = "the connection was lost"
    }
    // Not as its cause: grpc-swift would join the two messages.
    return RPCError(code: error.code, message: words, metadata: error.metadata)
  }
}
