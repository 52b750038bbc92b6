/// What becomes of the calls that it matches.
package struct Route: Sendable, Hashable {
  /// For logs and `explain`: `VirtualService ns/name http[0]` or `default`.
  package var name: String
  package var match: RouteMatch
  /// Where to, each with its share. Weights are at least 1 and relative to their sum.
  package var split: [WeightedDestination]

  package init(name: String, match: RouteMatch = .any, split: [WeightedDestination]) {
    self.name = name
    self.match = match
    self.split = split
  }
}

/// Which calls a route is for.
package enum RouteMatch: Sendable, Hashable {
  case any
}

package struct WeightedDestination: Sendable, Hashable {
  package var clusterName: String
  package var weight: Int

  package init(clusterName: String, weight: Int) {
    self.clusterName = clusterName
    self.weight = weight
  }
}
