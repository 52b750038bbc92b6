/// Why a client's connection was closed.
package enum CloseReason: String, CaseIterable, Sendable, Hashable {
  /// The client closed it, or sent GOAWAY and finished.
  case client
  /// The socket failed: reset, broken pipe, no answer.
  case transportError = "transport_error"
  /// The client broke HTTP/2; the proxy sent GOAWAY with the code.
  case protocolError = "protocol_error"
  /// Not HTTP/2, and for no service that the configuration knows.
  case noRoute = "no_route"
  /// The client went over one of the proxy's limits.
  case limit
  /// Nothing happened on it for the idle time, or its preface did not come in time.
  case timeout
  /// The proxy drained it.
  case drained
  /// Its time to drain was over with calls still running.
  case drainTimeout = "drain_timeout"
}
