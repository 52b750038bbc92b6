/// What became of a transport's connections so far.
package struct ConnectionTally: Sendable, Hashable {
  package private(set) var opened = 0
  package private(set) var failed = 0
  /// To where the first attempt failed, and why.
  package private(set) var failure: String?
  package private(set) var lost = 0
  /// Why the first one was lost, and to where it was.
  package private(set) var loss: String?

  mutating func happened(_ event: ChannelEvent) {
    switch event {
    case .connected: opened += 1
    case .connectFailed(let endpoint, let error):
      failed += 1
      failure = failure ?? "\(endpoint): \(error)"
    case .disconnected(let endpoint, let reason):
      lost += 1
      loss = loss ?? "\(reason) (\(endpoint))"
    case .resolved, .resolutionFailed, .connecting, .unhealthy, .healthy, .drained, .weighed,
      .outlier, .full, .idle, .waits:
      break
    }
  }
}
