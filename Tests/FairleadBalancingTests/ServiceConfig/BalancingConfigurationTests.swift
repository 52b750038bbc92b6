import FairleadBalancing
import Testing

@Suite("A loadBalancingConfig")
struct BalancingConfigurationTests {
  private func read(_ json: String) throws -> BalancingConfiguration {
    try BalancingConfiguration.read(loadBalancingConfig: Array(json.utf8))
  }

  @Test(
    "names any policy that is registered, without settings",
    arguments: PolicyRegistry.standard.names)
  func names(name: String) throws {
    let configuration = try read(#"[{"\#(name)": {}}]"#)
    #expect(configuration.policy.name == name)
    #expect(configuration.outlierDetection == nil && configuration.subsetting == nil)
    #expect(!configuration.shufflesEndpoints)
  }

  @Test("skips what is unknown; the first that is known counts, and nothing after it is read")
  func first() throws {
    let json = #"[{"grpclb": {"x": [1]}}, {"round_robin": {"new": true}}, {"pick_first": 7}, 3]"#
    #expect(try read(json).policy.name == "round_robin")
  }

  @Test("is a field of a service config")
  func whole() throws {
    func read(_ json: String) throws -> BalancingConfiguration? {
      try BalancingConfiguration.read(serviceConfig: Array(json.utf8))
    }
    let json = #"{"methodConfig": [], "loadBalancingConfig": [{"round_robin": {}}]}"#
    #expect(try read(json)?.policy.name == "round_robin")
    #expect(try read(#"{"methodConfig": []}"#) == nil)
    #expect(try read(#"{"loadBalancingConfig": null}"#) == nil)
  }

  @Test("knows a user's policies")
  func own() throws {
    var registry = PolicyRegistry.standard
    registry.register(BackwardPolicy())
    let configuration = try BalancingConfiguration.read(
      loadBalancingConfig: Array(#"[{"backward": {}}]"#.utf8), registry: registry)
    #expect(configuration.policy is BackwardPolicy)
  }

  @Test("sets each policy")
  func settings() throws {
    #expect(try read(#"[{"pick_first": {"shuffleAddressList": true}}]"#).shufflesEndpoints)
    let ring =
      try read(
        #"[{"ring_hash_experimental": {"minRingSize": 10, "maxRingSize": "20", "requestHashHeader": "X-User"}}]"#
      ).policy as? RingHashPolicy
    #expect(ring?.minimumSize == 10 && ring?.maximumSize == 20)
    #expect(ring?.requestHashHeader == "x-user")
    let weighted =
      try read(
        """
        [{"weighted_round_robin": {"enableOobLoadReport": true, "oobReportingPeriod": "2.5s",
          "blackoutPeriod": "0s", "weightExpirationPeriod": "60s", "weightUpdatePeriod": "0.001s",
          "errorUtilizationPenalty": 0.5}}]
        """
      ).policy as? WeightedRoundRobinPolicy
    #expect(weighted?.outOfBandPeriod == .milliseconds(2_500))
    #expect(weighted?.blackoutPeriod == .zero && weighted?.expirationPeriod == .seconds(60))
    #expect(weighted?.updatePeriod == .milliseconds(100) && weighted?.errorPenalty == 0.5)
    let peak = try read(#"[{"peak_ewma_experimental": {"decay": "3s"}}]"#).policy
    #expect((peak as? PeakEWMAPolicy)?.decay == .seconds(3))
  }

  @Test("draws as often as choiceCount says")
  func choices() throws {
    func calls(_ count: Int) throws -> Int {
      let json = #"[{"least_request_experimental": {"choiceCount": \#(count)}}]"#
      var stage = Stage(try read(json).policy)
      stage.update((0..<4).map { .named("e\($0)") })
      stage.wake()
      stage.connectAll()
      for name in ["e1", "e2", "e3"] { stage.balancer.load(of: try stage.id(name)).callBegan() }
      return stage.pickNames(4_000).tally["e0", default: 0]
    }
    // Two different ones of four: 1/2. Then each further draw finds it with 1/4: 1 - 1/2 · (3/4)^8.
    #expect(abs(try calls(2) - 2_000) < 150)
    #expect(abs(try calls(10) - 3_800) < 60)
    #expect(abs(try calls(400) - 3_800) < 60, "10 at most")
  }

  @Test("puts outlier detection and subsetting around a policy, in either order")
  func wrapped() throws {
    let outer = try read(
      """
      [{"outlier_detection_experimental": {
        "interval": "1s", "baseEjectionTime": "2s", "maxEjectionTime": "3s",
        "maxEjectionPercent": 40,
        "successRateEjection": {"stdevFactor": 1000, "enforcementPercentage": 1,
          "minimumHosts": 2, "requestVolume": 3},
        "failurePercentageEjection": {"threshold": 4, "enforcementPercentage": 5,
          "minimumHosts": 6, "requestVolume": 7},
        "childPolicy": [{"unknown": {}},
          {"random_subsetting_experimental": {"subsetSize": 8,
            "childPolicy": [{"pick_first": {"shuffleAddressList": true}}]}}]}}]
      """)
    #expect(
      outer.outlierDetection
        == OutlierDetection(
          interval: .seconds(1), baseEjectionTime: .seconds(2), maxEjectionTime: .seconds(3),
          maxEjectionPercent: 40,
          successRate: .init(
            deviationFactor: 1000, enforcementPercent: 1, minimumEndpoints: 2, minimumCalls: 3),
          failurePercentage: .init(
            threshold: 4, enforcementPercent: 5, minimumEndpoints: 6, minimumCalls: 7)))
    #expect(outer.subsetting == Subsetting(size: 8))
    #expect(outer.policy.name == "pick_first" && outer.shufflesEndpoints)
    let inner = try read(
      """
      [{"random_subsetting_experimental": {"subsetSize": 2, "childPolicy": [
        {"outlier_detection_experimental": {"successRateEjection": {},
          "childPolicy": [{"round_robin": {}}]}}]}}]
      """)
    #expect(inner.outlierDetection == OutlierDetection(successRate: .init()))
    let set = EndpointSet((0..<9).map { .named("e\($0)") })
    #expect(inner.prepare(set, salt: 4) == Subsetting(size: 2).subset(of: set, salt: 4))
    #expect(outer.prepare(set, salt: 4).count == 8)
  }

  @Test(
    "that is wrong says where and what",
    arguments: [
      ("[", "loadBalancingConfig: This is not JSON; check quotes and brackets."),
      ("{}", "loadBalancingConfig: Expected a list of policies in brackets, found an object."),
      ("[]", "loadBalancingConfig: The list is empty; name a policy, round_robin for example."),
      (
        #"[{"x": {}}, {"y": {}}]"#,
        "loadBalancingConfig: No policy is known of x, y; add one that is, round_robin for example."
      ),
      (
        #"[{"round_robin": {}, "pick_first": {}}]"#,
        "loadBalancingConfig[0]: Expected one policy in each object, found 2."
      ),
      (
        #"["round_robin"]"#,
        #"loadBalancingConfig[0]: Expected an object in braces, found "round_robin"."#
      ),
      (
        #"[{"x": {}}, {"pick_first": {"shuffleAddressList": 1}}]"#,
        "loadBalancingConfig[1].pick_first.shuffleAddressList: Expected true or false, found 1."
      ),
      (
        #"[{"ring_hash_experimental": {"minRingSize": 30, "maxRingSize": 20}}]"#,
        "loadBalancingConfig[0].ring_hash_experimental.minRingSize: Expected maxRingSize, 20, at"
          + " most, found 30."
      ),
      (
        #"[{"ring_hash_experimental": {"minRingSize": 8388609}}]"#,
        "loadBalancingConfig[0].ring_hash_experimental.minRingSize: Expected a number from 1 to"
          + " 8388608, found 8388609."
      ),
      (
        #"[{"least_request_experimental": {"choiceCount": 1}}]"#,
        "loadBalancingConfig[0].least_request_experimental.choiceCount: Expected a number of at"
          + " least 2, found 1."
      ),
      (
        #"[{"weighted_round_robin": {"blackoutPeriod": 10}}]"#,
        "loadBalancingConfig[0].weighted_round_robin.blackoutPeriod: Expected a duration such as"
          + #" "10s" or "0.25s", found 10."#
      ),
      (
        #"[{"outlier_detection_experimental": {"interval": "1s"}}]"#,
        "loadBalancingConfig[0].outlier_detection_experimental: childPolicy is missing; it is a"
          + " list of policies."
      ),
      (
        #"[{"random_subsetting_experimental": {"childPolicy": []}}]"#,
        "loadBalancingConfig[0].random_subsetting_experimental: subsetSize is missing; it is a"
          + " number of at least 1."
      ),
    ])
  func malformed(json: String, sentence: String) {
    #expect { _ = try read(json) } throws: { "\($0)" == sentence }
  }

  @Test(
    "takes durations as protocol buffers write them and nothing else",
    arguments: ["-1s", "1", "s", "1.s", ".5s", "1.0000000001s", "1m", "+1s", "1e3s", "1 s"])
  func durations(text: String) {
    #expect(throws: ServiceConfigError.self) {
      try read(#"[{"peak_ewma_experimental": {"decay": "\#(text)"}}]"#)
    }
  }

  @Test("rejects percentages above 100, fractions and wrappers inside themselves")
  func outlierLimits() {
    for field in [
      #""maxEjectionPercent": 101"#, #""maxEjectionPercent": 1.5"#, #""maxEjectionPercent": -1"#,
      #""successRateEjection": {"enforcementPercentage": 101}"#,
      #""failurePercentageEjection": {"threshold": 101}"#, #""interval": "-1s""#,
    ] {
      #expect(throws: ServiceConfigError.self) {
        try read(
          #"[{"outlier_detection_experimental": {\#(field), "childPolicy": [{"round_robin": {}}]}}]"#
        )
      }
    }
    #expect(throws: ServiceConfigError.self) {
      try read(
        """
        [{"outlier_detection_experimental": {"childPolicy": [
          {"outlier_detection_experimental": {"childPolicy": [{"round_robin": {}}]}}]}}]
        """)
    }
  }
}
