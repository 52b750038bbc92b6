import FairleadLoad

/// One run to be made: where, how, and what the report calls it.
struct LoadRunPlan: Sendable {
  enum Kind: Sendable {
    case address(HostPort)
    case target(String)
  }

  let name: String
  let kind: Kind
  let plan: LoadPlan
  /// Whether no run before it has the same place.
  let isFirstOfItsPlace: Bool

  var isAddress: Bool {
    switch self.kind {
    case .address: true
    case .target: false
    }
  }

  /// As the user named it.
  var target: String {
    switch self.kind {
    case .address(let address): address.description
    case .target(let target): target
    }
  }

  /// What a client asks that wants to know what is served there.
  var reflectionTarget: String { self.target }

  /// All runs: each address with each number of connections, then each target.
  static func all(
    addresses: [LoadPlace<HostPort>], targets: [LoadPlace<String>], arguments: LoadArguments
  ) -> [LoadRunPlan] {
    var runs: [LoadRunPlan] = []
    let counts = arguments.connections.counts
    for place in addresses {
      let name = place.name ?? place.place.description
      for (index, count) in counts.enumerated() {
        runs.append(
          LoadRunPlan(
            name: counts.count == 1
              ? name : "\(name) (\(count == 1 ? "1 connection" : "\(count) connections"))",
            kind: .address(place.place), plan: arguments.plan(connections: count),
            isFirstOfItsPlace: index == 0))
      }
    }
    for place in targets {
      runs.append(
        LoadRunPlan(
          name: place.name ?? place.place, kind: .target(place.place),
          plan: arguments.plan(connections: 1), isFirstOfItsPlace: true))
    }
    return runs
  }
}
