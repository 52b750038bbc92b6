import FairleadBalancing
import Testing

@Suite("The balancer, on a network that does anything,")
struct BalancerSimulationTests {
  static let seeds = Array(UInt64(1)...20)

  /// Five hundred random events, many of them late or senseless, with an owner that judges every
  /// action. Then the network heals: every endpoint that the policy wants must get its calls.
  @Test("never acts wrongly and always recovers", arguments: PolicyRegistry.standard.names, seeds)
  func anything(policyName: String, seed: UInt64) throws {
    let chance = RandomSource(seed: seed)
    var stage = try Stage(policyName, seed: seed)
    var known = [SubchannelID(index: 0)]
    for _ in 0..<500 {
      known += stage.balancer.subchannels.map(\.id)
      known = known.suffix(40)
      let id = known[chance.next(below: known.count)]
      try step(chance.next(below: 16), id: id, stage: &stage, chance: chance)
      if case .subchannel(let picked) = stage.pick(), stage.live[picked] == nil {
        Issue.record("\(picked) is picked and not ready")
      }
    }
    try stage.setPolicy(policyName)
    stage.update(["a", "b", "c", "d"].map { .named($0) })
    heal(&stage)
    let states = Set(stage.balancer.subchannels.map(\.state))
    #expect(policyName == "pick_first" ? states.contains(.ready) : states == [.ready])
    #expect(stage.attempts.isEmpty && stage.unhealthy.isEmpty)
    let names = Set(stage.pickNames(200))
    #expect(names.count == (policyName == "pick_first" ? 1 : 4))
  }

  private func step(
    _ kind: Int, id: SubchannelID, stage: inout Stage, chance: RandomSource
  ) throws {
    switch kind {
    case 0, 1:
      let names = ["a", "b", "c", "d", "e", "f"].filter { _ in chance.next(below: 2) == 0 }
      stage.update(names.map { .named($0, weight: 1 + chance.next(below: 3)) })
    case 2: stage.wake()
    case 3: stage.connectAll()
    case 4: stage.connectFailed(id, "refused")
    case 5: stage.disconnected(id)
    case 6: stage.retryElapsed(id)
    case 7: stage.settleElapsed()
    case 8: stage.resetBackoff()
    case 9:
      if case .subchannel(let id) = stage.pick(avoiding: id) {
        stage.balancer.load(of: id).callBegan()
        stage.balancer.load(of: id).callEnded()
      }
    case 10:
      let names = PolicyRegistry.standard.names
      try stage.setPolicy(names[chance.next(below: names.count)])
    case 11: stage.becameUnhealthy(id, "NOT_SERVING")
    case 12: stage.attemptDelayElapsed()
    default: stage.connected(id)
    }
  }

  /// Every attempt succeeds, every timer elapses.
  private func heal(_ stage: inout Stage) {
    stage.wake()
    stage.settleElapsed()
    for _ in 0..<10 {
      for id in stage.timers.keys.sorted(by: { $0.index < $1.index }) {
        stage.retryElapsed(id)
      }
      stage.attemptDelayElapsed()
      stage.connectAll()
    }
  }
}
