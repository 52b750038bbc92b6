import FairleadBalancing
import FairleadRouting
import Testing

@testable import FairleadManifests

@Suite("A live configuration, whatever changes come")
struct LiveConfigurationPropertyTests {
  private static let options = CompileOptions(zone: "z1", nodeName: "n1")

  @Test(
    "is what a whole compile makes of its objects, and says truly what changed", arguments: 1...40)
  func equalsWholeCompile(seed: UInt64) {
    var universe = ObjectUniverse(seed: seed)
    var live = LiveConfiguration(options: Self.options)
    for step in 0..<150 {
      let before = live.compiled
      let change: ConfigurationChange
      if let target = live.targets.sorted().randomElement(using: &universe.random), step % 3 == 0 {
        change = live.resolve(target, to: universe.answer())
      } else {
        let changes = universe.changes()
        var store = live.store
        change = live.apply(changes)
        store.apply(changes)
        #expect(live.store == store)
      }
      let whole = Compiler(options: Self.options).compile(live.store, answers: live.answers)
      #expect(live.compiled == whole, "seed \(seed), step \(step)")
      #expect(live.compiled.findings == whole.findings)
      #expect(live.compiled.findingCount == whole.findings.count)
      #expect(live.targets.isSuperset(of: live.answers.keys))
      #expect(live.targets == Set(whole.clusters.values.flatMap(\.targets)))
      expectTruth(of: change, from: before, to: live.compiled)
      // The first difference is enough.
      guard live.compiled == whole else { return }
    }
  }

  private func expectTruth(
    of change: ConfigurationChange, from old: CompiledConfiguration, to new: CompiledConfiguration
  ) {
    let changed = new.clusters.filter { old.clusters[$0.key] != $0.value }.map(\.key)
    let isSameShape = old.hosts == new.hosts && old.clusters.keys == new.clusters.keys
    switch change {
    case .nothing: #expect(isSameShape && changed.isEmpty)
    case .endpoints(let names):
      #expect(isSameShape && !names.isEmpty)
      #expect(names == Set(changed))
    case .everything: #expect(!isSameShape)
    }
  }

  @Test("is the same in however many calls the changes come", arguments: 1...20)
  func batches(seed: UInt64) {
    var universe = ObjectUniverse(seed: seed)
    let changes = (0..<100).flatMap { _ in universe.changes() }
    var (single, batched) = (LiveConfiguration(), LiveConfiguration())
    for change in changes {
      _ = single.apply([change])
    }
    var rest = changes[...]
    while !rest.isEmpty {
      let count = Int.random(in: 1...20, using: &universe.random)
      _ = batched.apply(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
    #expect(single.compiled == batched.compiled)
  }
}

extension ObjectStore {
  /// As plainly as it can be said.
  fileprivate mutating func apply(_ changes: [ObjectChange]) {
    for change in changes {
      switch change {
      case .put(let object): put(object)
      case .remove(let kind, let key): remove(kind, key)
      case .replaceAll(let kind, let objects): replaceAll(of: kind, with: objects)
      }
    }
  }
}
