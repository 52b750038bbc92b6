/// Why an attempt was given up and its call sent to another endpoint.
package enum RetryCause: String, CaseIterable, Sendable, Hashable {
  /// No connection to the endpoint could be opened, so the call never left the proxy.
  case connectFailure = "connect_failure"
  /// The endpoint answered RST_STREAM with REFUSED_STREAM: it did nothing with the call (RFC 9113, 8.7).
  case refusedStream = "refused_stream"
  /// The stream was above the last id of the endpoint's GOAWAY: it did nothing with the call (RFC 9113, 6.8).
  case goAway = "goaway"
  /// The connection was lost before the endpoint answered, and the service takes calls twice.
  case connectionLost = "connection_lost"
}
