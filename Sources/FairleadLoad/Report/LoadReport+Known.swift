extension LoadReport {
  /// What each run is judged against.
  ///
  /// - A run that sees addresses only: its own. Another run's address is no backend of it.
  /// - A run whose target gave endpoints, where answers are told apart by them: those, and what answered it.
  /// - Any other: what answered it and the runs it is related to. Runs are related that have a target or a backend in common,
  ///   or another run that is related to both: two services in one report know nothing of each other.
  static func known(
    of runs: [LoadRun], by backendsBy: String, backendCount: Int?
  ) -> [KnownBackends] {
    let names = runs.map { Set($0.backends.map(\.name)) }
    return runs.indices.map { index in
      let run = runs[index]
      if run.seesAddressesOnly(by: backendsBy) {
        return KnownBackends(answered: Array(names[index]))
      }
      if backendsBy == "peer", !run.endpoints.isEmpty {
        return KnownBackends(
          answered: Array(names[index]), resolved: run.endpoints, given: backendCount)
      }
      return KnownBackends(
        answered: Array(related(to: index, runs, names, by: backendsBy)), given: backendCount)
    }
  }

  /// The names that answered a run, and all that are related to it.
  private static func related(
    to index: Int, _ runs: [LoadRun], _ names: [Set<String>], by backendsBy: String
  ) -> Set<String> {
    var (known, targets) = (names[index], Set([runs[index].target]))
    var rest = runs.indices.filter { $0 != index && !runs[$0].seesAddressesOnly(by: backendsBy) }
    while let next = rest.firstIndex(where: {
      targets.contains(runs[$0].target) || !known.isDisjoint(with: names[$0])
    }) {
      let found = rest.remove(at: next)
      known.formUnion(names[found])
      targets.insert(runs[found].target)
    }
    return known
  }
}
