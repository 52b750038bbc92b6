import GRPCCore

/// What comes back from a server before a call's end.
package enum CallEvent: Sendable {
  /// - Parameter peer: The server's address.
  case headers(Metadata, peer: String)
  case message([UInt8])
}
