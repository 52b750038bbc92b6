import Testing

/// One thing that gRPC refuses in a service config.
struct Rule: Sendable, CustomTestStringConvertible {
  /// Of a service config.
  var json: String
  /// Of the error.
  var path: String
  /// A part of the error's message.
  var words: String

  var testDescription: String { json }

  /// A retry policy that is good but for some fields, which stand in for its own.
  static func retry(_ fields: String) -> String {
    var all = [
      "maxAttempts": "3", "initialBackoff": "\"0.1s\"", "maxBackoff": "\"1s\"",
      "backoffMultiplier": "2", "retryableStatusCodes": "[\"UNAVAILABLE\"]",
    ]
    for field in all.keys where fields.contains("\"\(field)\"") { all[field] = nil }
    let rest = all.map { "\"\($0.key)\": \($0.value)" }
    return #""retryPolicy": {\#((rest + [fields]).joined(separator: ", "))}"#
  }

  private static func method(_ fields: String, _ path: String, _ words: String) -> Rule {
    Rule(
      json: ClientServiceConfigTests.method(fields), path: "methodConfig[0]" + path, words: words)
  }

  private static func retry(_ fields: String, _ path: String, _ words: String) -> Rule {
    method(retry(fields), ".retryPolicy." + path, words)
  }

  private static func throttle(_ fields: String, _ path: String, _ words: String) -> Rule {
    Rule(json: #"{"retryThrottling": {\#(fields)}}"#, path: "retryThrottling" + path, words: words)
  }

  static let all: [Rule] = general + methods + retries + hedges + throttles

  private static let general = [
    Rule(json: "{", path: "service config", words: "not JSON"),
    Rule(json: "[]", path: "service config", words: "object in braces, found a list"),
    Rule(
      json: #"{"loadBalancingPolicy": "grpclb"}"#, path: "loadBalancingPolicy",
      words: "There is no policy \"grpclb\"; use one of least_request"),
    Rule(
      json: #"{"loadBalancingConfig": [{"grpclb": {}}]}"#, path: "loadBalancingConfig",
      words: "No policy is known of grpclb"),
    Rule(
      json: #"{"healthCheckConfig": {"serviceName": 1}}"#,
      path: "service config.healthCheckConfig.serviceName", words: "a string, found 1"),
  ]

  private static let methods = [
    Rule(json: #"{"methodConfig": {}}"#, path: "methodConfig", words: "list in brackets"),
    Rule(json: #"{"methodConfig": [1]}"#, path: "methodConfig[0]", words: "object in braces"),
    Rule(
      json: #"{"methodConfig": [{"timeout": "1s"}]}"#, path: "methodConfig[0].name",
      words: "no name"),
    Rule(
      json: #"{"methodConfig": [{"name": []}]}"#, path: "methodConfig[0].name", words: "no name"),
    Rule(
      json: #"{"methodConfig": [{"name": [{"method": "SayHello"}]}]}"#,
      path: "methodConfig[0].name[0]", words: "a method without its service"),
    Rule(
      json: #"{"methodConfig": [{"name": [{}]}, {"name": [{"service": ""}]}]}"#,
      path: "methodConfig[1].name[0]", words: "The name for all calls has a config already"),
    Rule(
      json: #"{"methodConfig": [{"name": [{"service": "a.B"}, {"service": "a.B"}]}]}"#,
      path: "methodConfig[0].name[1]", words: "The service a.B has a config already"),
    method(#""waitForReady": "yes""#, ".waitForReady", "true or false, found \"yes\""),
    method(#""timeout": "nans""#, ".timeout", "a duration such as \"10s\""),
    method(#""timeout": "-1s""#, ".timeout", "a duration"),
    method(#""timeout": 1"#, ".timeout", "a duration"),
    method(#""timeout": "1e300s""#, ".timeout", "a duration"),
    method(#""maxRequestMessageBytes": -1"#, ".maxRequestMessageBytes", "found -1"),
    method(#""maxResponseMessageBytes": 1.5"#, ".maxResponseMessageBytes", "whole number"),
    method(
      retry(#""maxAttempts": 2"#) + #", "hedgingPolicy": {"maxAttempts": 2}"#, "",
      "a retryPolicy and a hedgingPolicy; keep one"),
  ]

  private static let retries = [
    retry(#""maxAttempts": 1"#, "maxAttempts", "at least 2, found 1"),
    retry(#""maxAttempts": null"#, "maxAttempts", "missing"),
    retry(#""initialBackoff": "0s""#, "initialBackoff", "above 0"),
    retry(#""initialBackoff": null"#, "initialBackoff", "missing"),
    retry(#""maxBackoff": "0.000s""#, "maxBackoff", "above 0"),
    retry(#""maxBackoff": null"#, "maxBackoff", "missing"),
    retry(#""backoffMultiplier": 0"#, "backoffMultiplier", "above 0"),
    retry(#""backoffMultiplier": -1"#, "backoffMultiplier", "found -1"),
    retry(#""backoffMultiplier": null"#, "backoffMultiplier", "missing"),
    retry(#""retryableStatusCodes": []"#, "retryableStatusCodes", "no status code"),
    retry(#""retryableStatusCodes": null"#, "retryableStatusCodes", "no status code"),
    retry(#""retryableStatusCodes": "OK""#, "retryableStatusCodes", "list in brackets"),
    retry(#""retryableStatusCodes": ["NO_SUCH"]"#, "retryableStatusCodes[0]", "found \"NO_SUCH\""),
    retry(#""retryableStatusCodes": [14, 17]"#, "retryableStatusCodes[1]", "found 17"),
  ]

  private static let hedges = [
    method(#""hedgingPolicy": {}"#, ".hedgingPolicy.maxAttempts", "missing"),
    method(#""hedgingPolicy": {"maxAttempts": 1}"#, ".hedgingPolicy.maxAttempts", "at least 2"),
    method(
      #""hedgingPolicy": {"maxAttempts": 2, "hedgingDelay": "-1s"}"#, ".hedgingPolicy.hedgingDelay",
      "a duration"),
    method(
      #""hedgingPolicy": {"maxAttempts": 2, "nonFatalStatusCodes": [1.5]}"#,
      ".hedgingPolicy.nonFatalStatusCodes[0]", "a status code"),
  ]

  private static let throttles = [
    throttle(#""maxTokens": 0, "tokenRatio": 1"#, "", "above 0"),
    throttle(#""maxTokens": 1001, "tokenRatio": 1"#, ".maxTokens", "from 1 to 1000, found 1001"),
    throttle(#""maxTokens": 1.5, "tokenRatio": 1"#, ".maxTokens", "whole number"),
    throttle(#""tokenRatio": 1"#, ".maxTokens", "missing"),
    throttle(#""maxTokens": 1, "tokenRatio": 0"#, "", "above 0"),
    throttle(#""maxTokens": 1, "tokenRatio": 0.0009"#, ".tokenRatio", "from 0.001"),
    throttle(#""maxTokens": 1"#, ".tokenRatio", "missing"),
  ]
}
