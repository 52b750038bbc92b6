import FairleadRouting
import Testing

@testable import FairleadManifests

@Suite("Files together make one configuration, or none")
struct ManifestSetTests {
  @Test("scenario C: alternating without rules, 90 to 10 with them, without a finding")
  func scenarioC() throws {
    let plain = ConfigurationBuild([decode(greeter)])
    #expect(plain.findings.isEmpty)
    #expect(plain.configuration?.clusters.values.map(\.policyName) == ["round_robin"])
    let routes = greeterRoutes(
      """
        - match: [{port: 8080}]
          route:
          - {destination: {host: greeter, subset: v1}, weight: 90}
          - {destination: {host: greeter, subset: v2}, weight: 10}
      """)
    let build = ConfigurationBuild([decode(greeter), decode(greeterSubsets), decode(routes)])
    #expect(build.findings.isEmpty)
    let configuration = try #require(build.configuration)
    #expect(configuration.summary == ConfigurationSummary(services: 1, routes: 1, endpoints: 2))
    #expect(configuration.summary.description == "1 service, 1 route, 2 endpoints")
    let snapshot = configuration.snapshot(generation: 7)
    #expect(snapshot.generation == 7)
    let index = try #require(snapshot.virtualHostIndex(authority: "greeter:8080"))
    let route = try #require(snapshot.virtualHosts[index].routes.first)
    #expect(route.split.map(\.weight) == [90, 10])
    #expect(route.split.allSatisfy { snapshot.clusters[$0.clusterName]?.endpoints.count == 1 })
  }

  @Test("one error refuses everything, and all errors of all files are told")
  func refused() {
    let broken = DecodedFile(bytes: Array("a: [".utf8), file: "broken.yaml")
    let wrong = DecodedFile(
      bytes: Array("apiVersion: v1\nkind: Service\nmetadata: {}\nspec: {ports: [{port: 0}]}".utf8),
      file: "wrong.yaml")
    let build = ConfigurationBuild([decode(greeter), wrong, broken])
    #expect(build.configuration == nil)
    #expect(
      build.findings.map { "\($0.origin.file ?? ""):\($0.origin.line) \($0.code.rawValue)" } == [
        "broken.yaml:1 syntax", "wrong.yaml:3 missing-field", "wrong.yaml:4 invalid-value",
      ])
  }

  @Test("an object that is there twice is an error that names both places")
  func duplicate() {
    let again = DecodedFile(bytes: Array(service("greeter").utf8), file: "again.yaml")
    let build = ConfigurationBuild([decode(greeter), again])
    #expect(
      build.findings.map(\.description) == [
        "again.yaml:1: error duplicate-object: Service `default/greeter` is there already, in "
          + "test.yaml line 1; keep one"
      ])
    let elsewhere = DecodedFile(
      bytes: Array(service("greeter", namespace: "prod").utf8), file: "again.yaml")
    #expect(ConfigurationBuild([decode(greeter), elsewhere]).configuration != nil)
  }

  @Test("no objects make an empty configuration")
  func empty() {
    let build = ConfigurationBuild([DecodedFile]())
    #expect(build.configuration?.virtualHosts == [])
    #expect(build.configuration?.clusters.isEmpty == true)
  }

  @Test("the order of files and objects does not matter, but for which of two rules is the first")
  func deterministic() {
    let files = [greeter, greeterSubsets, service("b"), service("a", namespace: "z")].map {
      decode($0)
    }
    let forwards = ConfigurationBuild(files).configuration
    let backwards = ConfigurationBuild(files.reversed()).configuration
    #expect(forwards == backwards)
    #expect(forwards?.virtualHosts.map(\.service.name) == ["b", "greeter", "a"])
  }

  @Test("a finding is one line of text, and JSON without what is not known")
  func rendering() {
    let finding = Finding(
      .warning, .notHonoured, "`retries` is not honoured",
      at: Origin(
        file: "routes.yaml", line: 12, column: 7, path: "spec.http[0].retries",
        object: "VirtualService default/a"))
    #expect(
      finding.description
        == "routes.yaml:12: warning not-honoured: `retries` is not honoured (spec.http[0].retries)")
    #expect(
      Finding(.error, .unreadable, "gone", at: Origin(file: "a")).description
        == "a: error unreadable: gone")
  }

  @Test("errors come first among findings of one place")
  func order() {
    let place = Origin(file: "a", line: 1)
    let all = [
      Finding(.info, .unusedSubset, "x", at: place), Finding(.error, .syntax, "x", at: place),
      Finding(.warning, .notHonoured, "x", at: Origin(file: "a", line: 0)),
    ]
    #expect(all.sorted().map(\.severity) == [.warning, .error, .info])
  }
}
