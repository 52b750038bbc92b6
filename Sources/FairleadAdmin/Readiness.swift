/// Whether the proxy takes calls, for a load balancer or a Kubernetes probe to ask.
package enum Readiness: Sendable, Hashable {
  case ready
  /// It does not, and this is why, in a few words: `no configuration yet`, `draining`.
  case notReady(reason: String)
}
