import FairleadBalancing
import FairleadRouting

/// A Snapshot as one worker uses it: virtual hosts are made ready when they are first called, and splits go on where
/// they were when a new Snapshot leaves them as they are.
final class RouteTable {
  private(set) var snapshot: Snapshot
  private var hosts: [HostRoutes?]
  private let previous: [ServicePort: HostRoutes]

  private struct ServicePort: Hashable {
    var service: ServiceIdentity
    var port: Int
  }

  init(snapshot: Snapshot, replacing old: RouteTable?) {
    self.snapshot = snapshot
    hosts = Array(repeating: nil, count: snapshot.virtualHosts.count)
    var previous = old?.previous ?? [:]
    for case .some(let host) in old?.hosts ?? [] {
      previous[ServicePort(service: host.host.service, port: host.host.port)] = host
    }
    self.previous = previous.filter { _, routes in
      routes.host.domains.first.flatMap(snapshot.virtualHostIndex(authority:)) != nil
    }
  }

  /// Goes on with a Snapshot that has the same virtual hosts and clusters, and other endpoints.
  func adopt(_ snapshot: Snapshot) {
    self.snapshot = snapshot
  }

  /// The routes of the service that an authority names.
  func routes(authority: String, worker: Worker) -> HostRoutes? {
    guard let index = snapshot.virtualHostIndex(authority: authority) else { return nil }
    if let host = hosts[index] {
      return host
    }
    let host = snapshot.virtualHosts[index]
    let made = HostRoutes(
      host, replacing: previous[ServicePort(service: host.service, port: host.port)],
      worker: worker)
    hosts[index] = made
    return made
  }
}

/// The routes of one port of one service, with their clusters at hand.
final class HostRoutes {
  struct Entry {
    let route: Route
    let split: WeightedSplit
    /// By the split's choice; nil where the configuration has no such cluster.
    let clusters: [UpstreamCluster?]
  }

  let host: VirtualHost
  private let entries: [Entry]

  init(_ host: VirtualHost, replacing old: HostRoutes?, worker: Worker) {
    self.host = host
    entries = host.routes.enumerated().compactMap { index, route in
      let earlier = old.flatMap { $0.entries.indices.contains(index) ? $0.entries[index] : nil }
      let split = Self.split(of: route, replacing: earlier, random: worker.random)
      guard let split else { return nil }
      return Entry(
        route: route, split: split,
        clusters: route.split.map { worker.cluster(named: $0.clusterName) })
    }
  }

  /// The split of an earlier table goes on where it is, with new weights too, so that every destination gets its share
  /// however often weights are edited. A new one starts anywhere: of many proxies not all call the same one first.
  private static func split(
    of route: Route, replacing earlier: Entry?, random: RandomSource
  ) -> WeightedSplit? {
    let weights = route.split.map(\.weight)
    guard let earlier, earlier.route.split.map(\.clusterName) == route.split.map(\.clusterName)
    else { return WeightedSplit(weights: weights, startingAt: random.next()) }
    if earlier.route.split == route.split {
      return earlier.split
    }
    return WeightedSplit(weights: weights, replacing: earlier.split)
  }

  /// The first route that matches; all do until routes have conditions.
  func match() -> Entry? {
    entries.first
  }
}
