/// Why a call did not simply end with its server's answer, in the short names of Envoy's access log.
///
/// The raw value is the short name: it is what people search for in logs and what the `response_flags` label carries.
package enum ResponseFlag: String, CaseIterable, Sendable, Hashable, Codable {
  /// No route matched the call's authority and path.
  case noRoute = "NR"
  /// The route names a cluster that is not in the configuration.
  case noCluster = "NC"
  /// The cluster has no endpoint that could take the call.
  case noHealthyUpstream = "UH"
  /// No connection to an endpoint could be opened.
  case upstreamConnectFailure = "UF"
  /// A limit on connections, streams or waiting calls towards the cluster was reached.
  case upstreamOverflow = "UO"
  /// The endpoint's connection was lost while the call ran.
  case upstreamConnectionTermination = "UC"
  /// The endpoint reset the call's stream.
  case upstreamRemoteReset = "UR"
  /// The endpoint broke HTTP/2 within the call.
  case upstreamProtocolError = "UPE"
  /// The call's deadline (`grpc-timeout`) or the route's timeout passed before the endpoint answered.
  case upstreamTimeout = "UT"
  /// Every attempt that the retry rules allow has failed.
  case retriesExhausted = "URX"
  /// The client went away, or cancelled the call.
  case downstreamGone = "DC"
  /// The client broke HTTP/2 within the call.
  case downstreamProtocolError = "DPE"
  /// The proxy refused the call to protect itself.
  case overloaded = "OM"

  /// Same as ``upstreamTimeout``: Envoy's log has one name for every deadline.
  package static var deadlineExceeded: ResponseFlag { .upstreamTimeout }
}
