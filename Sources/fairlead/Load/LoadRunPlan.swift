import FairleadLoad

/// One run to be made: where, how, and what the report calls it.
struct LoadRunPlan: Sendable {
  enum Kind: Sendable {
    case address(HostPort)
    case target(String)
  }

  /// Another one for each run.
  private(set) var name: String
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
    return Self.numbered(runs)
  }

  /// A name that runs before have is given a number: `127.0.0.1:80 (2)`.
  private static func numbered(_ runs: [LoadRunPlan]) -> [LoadRunPlan] {
    let wanted = Set(runs.map(\.name))
    var taken: Set<String> = []
    return runs.map { run in
      var run = run
      let name = run.name
      var number = 2
      while taken.contains(run.name) || (run.name != name && wanted.contains(run.name)) {
        run.name = "\(name) (\(number))"
        number += 1
      }
      taken.insert(run.name)
      return run
    }
  }
}
