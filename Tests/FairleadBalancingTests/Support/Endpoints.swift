import FairleadBalancing

extension Endpoint {
  /// An endpoint with this name, at the same address each time.
  static func named(
    _ name: String, weight: Int = 1, labels: [String: String] = [:]
  ) -> Endpoint {
    Endpoint(address: .unix(path: "/\(name)"), name: name, weight: weight, labels: labels)
  }
}

extension Sequence where Element: Hashable {
  /// How often each element occurs.
  var tally: [Element: Int] {
    reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }
}
