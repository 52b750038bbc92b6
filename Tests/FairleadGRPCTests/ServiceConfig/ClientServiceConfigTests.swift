import FairleadBalancing
import GRPCCore
import Testing

@testable import FairleadGRPC

@Suite("A client's service config")
struct ClientServiceConfigTests {
  /// A method config of these fields, for all calls.
  static func method(_ fields: String) -> String {
    #"{"methodConfig": [{"name": [{}], \#(fields)}]}"#
  }

  @Test("has round_robin, and nothing else, by default")
  func defaults() throws {
    for config in [ClientServiceConfig(), try ClientServiceConfig(json: "{}")] {
      #expect(config.balancing.policy.name == "round_robin")
      #expect(config.methodConfig.isEmpty)
      #expect(config.retryThrottling == nil)
      #expect(config.healthCheckServiceName == nil)
      try config.validate()
    }
  }

  @Test("is read from gRPC's JSON")
  func whole() throws {
    let config = try ClientServiceConfig(
      json: """
        {
          "loadBalancingPolicy": "pick_first",
          "loadBalancingConfig": [{"unknown": {}}, {"weighted_round_robin": {}}],
          "methodConfig": [
            {
              "name": [{"service": "helloworld.Greeter", "method": "SayHello"}],
              "waitForReady": true, "timeout": "1.5s",
              "maxRequestMessageBytes": 1024, "maxResponseMessageBytes": "2048",
              "retryPolicy": {
                "maxAttempts": 4, "initialBackoff": "0.1s", "maxBackoff": "1s",
                "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE", "aborted", 8]
              }
            },
            {
              "name": [{"service": "helloworld.Greeter"}, {}],
              "hedgingPolicy": {
                "maxAttempts": 3, "hedgingDelay": "0.050s", "nonFatalStatusCodes": ["INTERNAL"]
              }
            }
          ],
          "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1},
          "healthCheckConfig": {"serviceName": "helloworld.Greeter"},
          "somethingNew": {"a": [1]}
        }
        """)
    #expect(config.balancing.policy.name == "weighted_round_robin")
    let retry = RetryPolicy(
      maxAttempts: 4, initialBackoff: .milliseconds(100), maxBackoff: .seconds(1),
      backoffMultiplier: 2, retryableStatusCodes: [.unavailable, .aborted, .resourceExhausted])
    let hedging = HedgingPolicy(
      maxAttempts: 3, hedgingDelay: .milliseconds(50), nonFatalStatusCodes: [.internalError])
    #expect(
      config.methodConfig == [
        MethodConfig(
          names: [MethodConfig.Name(service: "helloworld.Greeter", method: "SayHello")],
          waitForReady: true, timeout: .milliseconds(1500), maxRequestMessageBytes: 1024,
          maxResponseMessageBytes: 2048, executionPolicy: .retry(retry)),
        MethodConfig(
          names: [
            MethodConfig.Name(service: "helloworld.Greeter"), MethodConfig.Name(service: ""),
          ],
          executionPolicy: .hedge(hedging)),
      ])
    #expect(config.retryThrottling?.maxTokens == 10)
    #expect(config.retryThrottling?.tokenRatio == 0.1)
    #expect(config.healthCheckServiceName == "helloworld.Greeter")
  }

  @Test("takes the old field for the policy, in any case, if there is no new one")
  func legacy() throws {
    for (text, name) in [("round_robin", "round_robin"), ("PICK_FIRST", "pick_first")] {
      let config = try ClientServiceConfig(json: #"{"loadBalancingPolicy": "\#(text)"}"#)
      #expect(config.balancing.policy.name == name)
    }
  }

  @Test("knows a user's own policy, in both fields")
  func registry() throws {
    var registry = PolicyRegistry()
    registry.register(OwnPolicy())
    for json in [
      #"{"loadBalancingConfig": [{"own": {}}]}"#, #"{"loadBalancingPolicy": "own"}"#,
    ] {
      let config = try ClientServiceConfig(json: json, registry: registry)
      #expect(config.balancing.policy.name == "own")
      #expect(throws: ServiceConfigError.self) { try ClientServiceConfig(json: json) }
    }
  }

  @Test("asks for the health of the whole server by an empty name, and of nothing without one")
  func health() throws {
    func name(_ json: String) throws -> String? {
      try ClientServiceConfig(json: json).healthCheckServiceName
    }
    #expect(try name(#"{"healthCheckConfig": {"serviceName": ""}}"#) == "")
    #expect(try name(#"{"healthCheckConfig": {"serviceName": null}}"#) == nil)
    #expect(try name(#"{"healthCheckConfig": {}}"#) == nil)
  }

  @Test("counts more than five attempts as five, and hedges at once without a delay")
  func attempts() throws {
    let retry = try ClientServiceConfig(
      json: Self.method(Rule.retry(#""maxAttempts": 9"#))
    ).methodConfig[0].executionPolicy?.retry
    #expect(retry?.maxAttempts == 5)
    let hedging = try ClientServiceConfig(
      json: Self.method(#""hedgingPolicy": {"maxAttempts": 9}"#)
    ).methodConfig[0].executionPolicy?.hedge
    #expect(hedging == HedgingPolicy(maxAttempts: 5, hedgingDelay: .zero, nonFatalStatusCodes: []))
  }

  @Test("keeps a throttle whose ratio is beyond all its tokens")
  func ratio() throws {
    let config = try ClientServiceConfig(
      json: #"{"retryThrottling": {"maxTokens": 1000, "tokenRatio": 1e300}}"#)
    let policy = try #require(config.retryThrottling)
    // The process stops at a ratio that it cannot count.
    let throttle = RetryThrottle(policy: policy)
    #expect(throttle.maxTokens == 1000 && throttle.tokenRatio == 1000)
  }

  @Test("is refused with the place of what gRPC does not allow", arguments: Rule.all)
  func refused(rule: Rule) throws {
    let error = #expect(throws: ServiceConfigError.self) {
      try ClientServiceConfig(json: rule.json)
    }
    #expect(error?.path == rule.path)
    #expect(error?.message.contains(rule.words) == true, "\(error?.message ?? "")")
  }

  @Test("of Swift's types is held to the same rules")
  func validation() throws {
    func error(_ config: ClientServiceConfig) -> ServiceConfigError? {
      do throws(ServiceConfigError) {
        try config.validate()
        return nil
      } catch {
        return error
      }
    }
    let tokens = try ServiceConfig.RetryThrottling(maxTokens: 1001, tokenRatio: 1)
    #expect(
      error(ClientServiceConfig(retryThrottling: tokens))?.path == "retryThrottling.maxTokens")
    let ratio = try ServiceConfig.RetryThrottling(maxTokens: 1, tokenRatio: 0.0009)
    #expect(
      error(ClientServiceConfig(retryThrottling: ratio))?.path == "retryThrottling.tokenRatio")
    let name = MethodConfig.Name(service: "a.B", method: "C")
    let twice = ClientServiceConfig(
      methodConfig: [MethodConfig(names: [name]), MethodConfig(names: [name])])
    #expect(error(twice)?.path == "methodConfig[1].name[0]")
    #expect(error(twice)?.message == "The method a.B/C has a config already; keep one of them.")
  }
}

/// A policy that nobody else has.
private struct OwnPolicy: Policy {
  let name = "own"
  let connects = ConnectStrategy.all

  func makePicker(
    over candidates: [Candidate], replacing previous: (any Picker)?, random: RandomSource
  ) -> any Picker {
    RoundRobinPolicy().makePicker(over: candidates, replacing: previous, random: random)
  }
}
