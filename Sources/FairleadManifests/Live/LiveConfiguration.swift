import FairleadBalancing
import FairleadRouting
import HashTreeCollections

/// A configuration that follows changes of its objects and of what resolvers answer.
///
/// Pure: at every moment ``compiled`` is what the ``Compiler`` makes of ``store`` and of the answers. The changes of one call
/// count as one: nothing in between is seen. An owner keeps it in one place, as changing a copy copies its indexes.
package struct LiveConfiguration: Sendable {
  private let compiler: Compiler
  package private(set) var store = ObjectStore()
  package private(set) var compiled = CompiledConfiguration()
  private var answers: [String: EndpointSet] = [:]

  package init(options: CompileOptions = CompileOptions()) {
    compiler = Compiler(options: options)
  }

  /// The targets, in gRPC's syntax, whose endpoints the configuration wants to be told.
  package private(set) var targets: Set<String> = []

  /// Takes changes of objects, in their order.
  package mutating func apply(_ changes: [ObjectChange]) -> ConfigurationChange {
    for change in changes {
      store.apply(change)
    }
    return recompile()
  }

  /// Takes what a resolver answered for a target: a whole set of endpoints, which may be empty; `nil` if it has not answered
  /// yet. Nothing happens for a target that is not in ``targets``.
  package mutating func resolve(
    _ target: String, to endpoints: EndpointSet?
  ) -> ConfigurationChange {
    guard targets.contains(target), answers[target] != endpoints else { return .nothing }
    answers[target] = endpoints
    return recompile()
  }

  private mutating func recompile() -> ConfigurationChange {
    let new = compiler.compile(store, answers: answers)
    let change = Self.change(from: compiled, to: new)
    compiled = new
    targets = Set(new.clusters.values.flatMap(\.targets))
    answers = answers.filter { targets.contains($0.key) }
    return change
  }

  private static func change(
    from old: CompiledConfiguration, to new: CompiledConfiguration
  ) -> ConfigurationChange {
    guard old.hosts == new.hosts, old.clusters.keys == new.clusters.keys else { return .everything }
    let names = new.clusters.filter { old.clusters[$0.key] != $0.value }.map(\.key)
    return names.isEmpty ? .nothing : .endpoints(of: Set(names))
  }
}
