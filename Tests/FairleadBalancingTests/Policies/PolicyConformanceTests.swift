import FairleadBalancing
import Testing

@Suite("Every policy")
struct PolicyConformanceTests {
  /// The registered policies, and one of a user. Chance is allowed 5 % of the calls.
  static let subjects: [String: PolicyConformance] = {
    var registry = PolicyRegistry.standard
    registry.register(BackwardPolicy())
    let spreads: [String: (PolicyConformance.Spread, Bool)] = [
      "round_robin": (.within(calls: 1), false),
      "weighted_round_robin": (.within(calls: 1), true),
      "random": (.chance(tolerance: 0.05), false),
      "least_request": (.chance(tolerance: 0.05), true),
      "least_request_full_scan": (.within(calls: 1), true),
      "least_request_experimental": (.chance(tolerance: 0.05), true),
      "peak_ewma_experimental": (.chance(tolerance: 0.05), true),
      "ring_hash_experimental": (.chance(tolerance: 0.05), true),
      "pick_first": (.single, false),
      "backward": (.within(calls: 1), false),
    ]
    return Dictionary(
      uniqueKeysWithValues: registry.names.compactMap { name in
        guard let policy = registry[name], let (spread, weighs) = spreads[name] else { return nil }
        return (
          name, PolicyConformance(policy: policy, spread: spread, honoursWeights: weighs)
        )
      })
  }()

  static let names = subjects.keys.sorted()

  @Test("that is registered is checked here")
  func complete() {
    #expect(Set(PolicyRegistry.standard.names).isSubset(of: Self.names))
    #expect(Self.names.contains("backward"))
  }

  @Test("gives no endpoint more than its fair share", arguments: names, [1, 2, 3, 7, 40])
  func fairShare(name: String, count: Int) throws {
    let subject = try #require(Self.subjects[name])
    let names = (0..<count).map { "e\($0)" }
    let stage = subject.stage(names.map { .named($0) })
    let equal = Dictionary(uniqueKeysWithValues: names.map { ($0, 1) })
    var counts: [String: Int] = [:]
    for calls in 1...2_000 {
      counts[try subject.call(stage), default: 0] += 1
      if calls % 333 == 0, case .within = subject.spread {
        subject.expectFair(counts, over: equal, "after \(calls) calls")
      }
    }
    subject.expectFair(counts, over: equal, "among \(count)")
  }

  @Test("follows the weights, or takes no notice of them", arguments: names)
  func weights(name: String) throws {
    let subject = try #require(Self.subjects[name])
    let weights = ["a": 1, "b": 2, "c": 5]
    let stage = subject.stage(weights.map { .named($0.key, weight: $0.value) })
    let counts = try (0..<4_001).map { _ in try subject.call(stage) }.tally
    subject.expectFair(counts, over: weights, "by weight")
  }

  @Test("keeps shares fair while descriptions change before every call", arguments: names)
  func frequentUpdates(name: String) throws {
    let subject = try #require(Self.subjects[name])
    let names = ["a", "b", "c"]
    var stage = subject.stage(names.map { .named($0) })
    var counts: [String: Int] = [:]
    for round in 0..<2_000 {
      stage.update(names.map { .named($0, labels: ["round": "\(round)"]) })
      counts[try subject.call(stage), default: 0] += 1
    }
    subject.expectFair(counts, over: ["a": 1, "b": 1, "c": 1], "under updates")
  }

  @Test("keeps shares fair among those that stay while another comes and goes", arguments: names)
  func comingAndGoing(name: String) throws {
    let subject = try #require(Self.subjects[name])
    let staying: [Endpoint] = [.named("a"), .named("b"), .named("c")]
    for (position, callsBetween) in [(0, 1), (3, 1), (1, 2), (2, 5)] {
      var stage = subject.stage(staying)
      var counts: [String: Int] = [:]
      for round in 0..<1_000 {
        var endpoints = staying
        if round.isMultiple(of: 2) {
          endpoints.insert(.named("x"), at: position)
        }
        stage.update(endpoints)
        subject.connect(&stage)
        for _ in 0..<callsBetween {
          counts[try subject.call(stage), default: 0] += 1
        }
      }
      subject.expectFair(counts, over: ["a": 1, "b": 1, "c": 1], "with x at \(position)")
    }
  }

  @Test("counts on where it was when endpoints come and go", arguments: names)
  func counters(name: String) throws {
    let subject = try #require(Self.subjects[name])
    var stage = subject.stage([.named("a"), .named("b")])
    let id = try stage.id("a")
    let load = stage.balancer.load(of: id)
    load.callBegan()
    var calls = 1
    for round in 0..<20 {
      stage.update([.named("a"), .named("x\(round)")])
      subject.connect(&stage)
      if try subject.call(stage) == "a" { calls += 1 }
    }
    #expect(stage.balancer.load(of: id) === load)
    #expect(load.active == 1)
    #expect(load.total == calls)
  }

  @Test("picks only what is ready, while endpoints fail and recover", arguments: names)
  func onlyReady(name: String) throws {
    let subject = try #require(Self.subjects[name])
    let chance = RandomSource(seed: 9)
    var stage = subject.stage((0..<5).map { .named("e\($0)") })
    for _ in 0..<400 {
      let ids = stage.balancer.subchannels.map(\.id)
      let id = ids[chance.next(below: ids.count)]
      switch chance.next(below: 4) {
      case 0: stage.disconnected(id)
      case 1: stage.connectFailed(id, "refused")
      case 2: stage.retryElapsed(id)
      default: stage.connected(id)
      }
      for avoided in ids {
        if case .subchannel(let picked) = stage.pick(avoiding: avoided), stage.live[picked] == nil {
          Issue.record("\(name) picked \(picked), which is not ready")
        }
      }
    }
  }

  @Test("takes another endpoint than the one to avoid, each alike", arguments: names)
  func avoids(name: String) throws {
    let subject = try #require(Self.subjects[name])
    let weights = ["a": 1, "b": 1, "c": 1, "d": 9]
    let stage = subject.stage(
      weights.map { .named($0.key, weight: $0.value) }.sorted { $0.name < $1.name })
    if case .single = subject.spread {
      let first = try stage.id("a")
      #expect(stage.pick(avoiding: first) == .subchannel(first))
      return
    }
    for avoided in ["a", "d"] {
      let id = try stage.id(avoided)
      let counts = try (0..<3_000).map { _ in try subject.call(stage, avoiding: id) }.tally
      #expect(counts[avoided] == nil)
      subject.expectFair(counts, over: weights.filter { $0.key != avoided }, "without \(avoided)")
    }
  }

  @Test("gives a lone endpoint every call, even one that should avoid it", arguments: names)
  func lone(name: String) throws {
    let subject = try #require(Self.subjects[name])
    let stage = subject.stage([.named("a", weight: 7)])
    let id = try stage.id("a")
    for _ in 0..<50 {
      #expect(stage.pick() == .subchannel(id))
      #expect(stage.pick(avoiding: id) == .subchannel(id))
    }
  }

  @Test("is as fair to the calls of many threads", arguments: names)
  func threads(name: String) async throws {
    let subject = try #require(Self.subjects[name])
    let stage = subject.stage(["a", "b", "c"].map { .named($0) })
    let picker = stage.balancer.picker
    let counts = await withTaskGroup(of: [Pick: Int].self) { group in
      for _ in 0..<4 {
        group.addTask { (0..<3_000).map { _ in picker.pick(PickRequest()) }.tally }
      }
      return await group.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
    }
    var byName: [String: Int] = [:]
    for endpoint in stage.balancer.subchannels {
      byName[endpoint.endpoint.name] = counts[.subchannel(endpoint.id)] ?? 0
    }
    #expect(byName.values.reduce(0, +) == 12_000)
    subject.expectFair(
      byName.filter { $0.value > 0 }, over: ["a": 1, "b": 1, "c": 1], "on threads")
  }
}
