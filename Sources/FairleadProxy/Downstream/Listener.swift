/// A bound port, as its connections see it.
struct Listener: Sendable {
  /// Its place among the proxy's listeners, for metrics.
  let index: Int
  /// The service that it stands for, `SERVICE:PORT`; nil if calls are routed by their own authority.
  let authority: String?
}
