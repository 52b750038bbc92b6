import FairleadBalancing
import GRPCCore
import NIOHPACK

/// What tells a call that its stream was never processed by the server: a response of our own in place
/// of the reset, with a token that no server can know (gRFC A6).
///
/// grpc-swift turns every reset into the same status, and the place where resets can be told apart
/// knows nothing of calls; so it is the response that carries it.
struct UnprocessedMark: Sendable {
  private static let key = "fairlead-unprocessed"
  private let token: String

  init(random: RandomSource) {
    token = String(random.next(), radix: 16)
  }

  /// The response, Trailers-Only.
  var headers: HPACKHeaders {
    [
      ":status": "200", "content-type": "application/grpc",
      "grpc-status": "\(Status.Code.unavailable.rawValue)",
      "grpc-message": "The server refused the stream before it was processed.",
      Self.key: token,
    ]
  }

  /// Whether a response is that one.
  func marks(_ metadata: Metadata) -> Bool {
    for value in metadata[stringValues: Self.key] where value == token { return true }
    return false
  }

  /// The response as the caller may see it.
  func strip(_ metadata: Metadata) -> Metadata {
    var metadata = metadata
    metadata.removeAllValues(forKey: Self.key)
    return metadata
  }
}
