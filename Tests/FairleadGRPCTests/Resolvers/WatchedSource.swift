import FairleadBalancing
import FairleadDiscovery
import Synchronization

/// Endpoints that a test sets, and how many watch them. Lets any number watch.
final class WatchedSource: EndpointSource {
  private struct State {
    var endpoints: [Endpoint]?
    var feeds: [Int: ResolutionFeed] = [:]
    var next = 0
  }

  private let state = Mutex(State())

  /// How many resolvers watch it now.
  var watchers: Int { state.withLock(\.feeds.count) }
  /// How many ever did.
  var watches: Int { state.withLock(\.next) }

  /// These are all endpoints now.
  func set(_ addresses: [EndpointAddress]) {
    let endpoints = addresses.map { Endpoint(address: $0) }
    state.withLock { state in
      state.endpoints = endpoints
      for feed in state.feeds.values { feed.answered(endpoints.map { ResolvedEndpoint($0) }) }
    }
  }

  func watch(_ feed: ResolutionFeed, hints: ResolverHints) async {
    let id = state.withLock { state in
      let id = state.next
      state.next += 1
      state.feeds[id] = feed
      if let endpoints = state.endpoints {
        feed.answered(endpoints.map { ResolvedEndpoint($0) })
      }
      return id
    }
    while await hints.wait() {}
    state.withLock { $0.feeds[id] = nil }
  }

  /// A registry that knows it as `watched:///`.
  var registry: ResolverRegistry {
    var registry = ResolverRegistry.standard
    registry.register("watched") { (_, _) throws(ResolutionFailure) in self }
    return registry
  }
}
