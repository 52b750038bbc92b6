import FairleadBalancing
import Foundation
import Testing

@Suite("A user's own policy")
struct UserPolicyTests {
  private let near = Endpoint(
    address: .ip(host: "10.0.0.1", port: 1), name: "near", locality: Locality(zone: "here"))
  private let nearToo = Endpoint(
    address: .ip(host: "10.0.0.2", port: 1), name: "near too", locality: Locality(zone: "here"))
  private let far = Endpoint(
    address: .ip(host: "10.0.0.3", port: 1), name: "far", locality: Locality(zone: "there"))

  private func read(_ json: String) throws -> BalancingConfiguration {
    var registry = PolicyRegistry.standard
    registry.register(NearestZone(zone: "here"))
    return try #require(
      try BalancingConfiguration.read(serviceConfig: Array(json.utf8), registry: registry))
  }

  @Test("is found by its name in a service config, and decides where calls go")
  func byName() throws {
    let configuration = try read(
      #"{"loadBalancingConfig": [{"unheard_of": {}}, {"nearest_zone": {}}, {"round_robin": {}}]}"#)
    #expect(configuration.policy.name == "nearest_zone")
    var stage = Stage(configuration.policy)
    stage.update([far, near, nearToo])
    stage.wake()
    stage.connectAll()
    #expect(stage.pickNames(10).tally == ["near": 5, "near too": 5])
    #expect(stage.pickName(avoiding: try stage.id("near")) == "near too")
    try stage.call("near")
    stage.disconnected(try stage.id("near"))
    #expect(stage.pickNames(3) == ["near too", "near too", "near too"])
    stage.update([far])
    #expect(stage.pickNames(2) == ["far", "far"])
  }

  @Test("can be inside of outlier detection and subsetting, which gRPC brings along")
  func inside() throws {
    let configuration = try read(
      #"""
      {"loadBalancingConfig": [{"outlier_detection_experimental": {
        "failurePercentageEjection": {},
        "childPolicy": [{"random_subsetting_experimental": {
          "subsetSize": 2, "childPolicy": [{"nearest_zone": {}}]
        }}]
      }}]}
      """#)
    #expect(configuration.policy is NearestZone)
    #expect(configuration.outlierDetection?.failurePercentage != nil)
    #expect(configuration.subsetting == Subsetting(size: 2))
  }

  @Test("is unknown without a registry that has it")
  func unknown() {
    #expect(throws: ServiceConfigError.self) {
      try BalancingConfiguration.read(
        loadBalancingConfig: Array(#"[{"nearest_zone": {}}]"#.utf8))
    }
  }

  @Test("needs no name when it is given in code")
  func inCode() {
    let configuration = BalancingConfiguration(policy: NearestZone(zone: "here"))
    #expect(configuration.policy is NearestZone)
  }

  @Test("goes on where its previous picker was")
  func goesOn() throws {
    var stage = Stage(NearestZone(zone: "here"))
    stage.update([near, nearToo])
    stage.wake()
    stage.connectAll()
    for turn in 0..<4 {
      var relabelled = near
      relabelled.labels = ["turn": "\(turn)"]
      let before = stage.pickName()
      stage.update([relabelled, nearToo])
      #expect(stage.pickName() != before)
    }
  }

  @Test("takes its settings from the service config, or says what is wrong with them")
  func settings() throws {
    let registry = PolicyRegistry([ShardPolicy()])
    func read(_ object: String) throws -> ShardPolicy.Settings? {
      let list = Array("[{\"shard\": \(object)}]".utf8)
      let read = try BalancingConfiguration.read(loadBalancingConfig: list, registry: registry)
      return (read.policy as? ShardPolicy)?.settings
    }
    let shard = ShardPolicy.Settings(
      key: "x-user", shards: 7, weights: [1, 0.5], isStrict: true, names: ["a": "b"])
    #expect(
      try read(
        #"""
        {"key": "x-user", "shards": 7, "weights": [1, 0.5], "isStrict": true,
         "names": {"a": "b"}, "fallback": null}
        """#) == shard)
    #expect(
      throws: ServiceConfigError(
        path: "loadBalancingConfig[0].shard.shards", message: "Expected 1 at least, found 0.")
    ) {
      try read(#"{"key": "x", "shards": 0, "weights": [], "isStrict": false, "names": {}}"#)
    }
    let error = try #require(throws: ServiceConfigError.self) { try read("{}") }
    #expect(error.path == "loadBalancingConfig[0].shard")
    #expect(error.message.hasPrefix("The policy does not take these settings: "))
  }
}

/// One that reads its settings.
private struct ShardPolicy: Policy {
  struct Settings: Decodable, Hashable, Sendable {
    var key: String
    var shards: Int
    var weights: [Double]
    var isStrict: Bool
    var names: [String: String]
    var fallback: String?
  }

  let name = "shard"
  let connects = ConnectStrategy.all
  var settings: Settings?

  func configured(by json: [UInt8]) throws -> any Policy {
    let settings = try JSONDecoder().decode(Settings.self, from: Data(json))
    guard settings.shards > 0 else {
      throw ServiceConfigError(path: "shards", message: "Expected 1 at least, found 0.")
    }
    return ShardPolicy(settings: settings)
  }

  func makePicker(
    over candidates: [Candidate], replacing previous: (any Picker)?, random: RandomSource
  ) -> any Picker {
    InTurn(candidates, from: 0)
  }
}
