import FairleadBalancing
import Testing

@Suite("The policy registry")
struct PolicyRegistryTests {
  @Test("knows gRPC's names")
  func standard() {
    #expect(
      PolicyRegistry.standard.names == [
        "least_request", "least_request_experimental", "least_request_full_scan",
        "peak_ewma_experimental", "pick_first", "random", "ring_hash_experimental", "round_robin",
        "weighted_round_robin",
      ])
    for name in PolicyRegistry.standard.names {
      #expect(PolicyRegistry.standard[name]?.name == name)
    }
    #expect(PolicyRegistry.standard["ROUND_ROBIN"] == nil)
    #expect(PolicyRegistry().names == [])
  }

  @Test("takes a user's policy, in a copy of its own")
  func register() {
    var registry = PolicyRegistry.standard
    registry.register(BackwardPolicy())
    #expect(registry["backward"] != nil)
    #expect(PolicyRegistry.standard["backward"] == nil)
    #expect(PolicyRegistry([BackwardPolicy(), BackwardPolicy()]).names == ["backward"])
  }
}
