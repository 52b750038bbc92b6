import Synchronization

/// Endpoints that DNS knows, one for each address, asked for again when their time to live is over.
final class DNSSource: EndpointSource {
  private let target: DNSTarget
  private let options: DiscoveryOptions
  /// Outlives a run, as the endpoints do.
  private let refresh: Mutex<DNSRefresh>
  private let lookUp: @Sendable (DNSTarget, DNSOptions) async -> DNSOutcome

  /// - Parameter lookUp: asks the servers; a test answers itself.
  init(
    _ target: DNSTarget, options: DiscoveryOptions,
    lookUp: @escaping @Sendable (DNSTarget, DNSOptions) async -> DNSOutcome = CAresLookup.run
  ) {
    self.target = target
    self.options = options
    self.lookUp = lookUp
    refresh = Mutex(DNSRefresh(target, options: options.dns, random: options.random))
  }

  func watch(_ feed: ResolutionFeed, hints: ResolverHints) async {
    while !Task.isCancelled {
      let outcome = await lookUp(target, options.dns)
      // A lookup that was cut short says nothing of the servers.
      if Task.isCancelled { return }
      let now = options.resolver.now()
      let step = refresh.withLock { $0.looked(outcome, at: now) }
      switch step.verdict {
      case .answered(let endpoints, let failure):
        feed.answered(endpoints.map { ResolvedEndpoint($0) }, beside: failure)
      case .failed(let failure):
        feed.failed(failure)
      }
      // A hint that comes during the least rest is kept until it is over. Cancelled: the loop ends.
      let rest = min(options.dns.minimumInterval, step.delay)
      try? await options.resolver.clock.sleep(for: rest)
      _ = await hints.wait(upTo: step.delay - rest)
    }
  }
}
