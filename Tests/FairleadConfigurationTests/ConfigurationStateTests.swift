import FairleadBalancing
import FairleadDiscovery
import FairleadManifests
import Testing

@testable import FairleadConfiguration

@Suite("Which configuration comes next")
struct ConfigurationStateTests {
  private func take(
    _ changes: [ObjectChange], in state: inout ConfigurationState
  ) -> AppliedConfiguration? {
    state.take(changes: changes, findings: nil, resolutions: [:], since: .now)
  }

  private func all(_ services: [ManifestObject] = []) -> [ObjectChange] {
    ManifestKind.allCases.map { .replaceAll($0, $0 == .service ? services : []) }
  }

  @Test("none before every kind was told whole, whatever else is told")
  func everyKind() throws {
    var state = ConfigurationState(options: CompileOptions())
    let service = try service("a")
    for kind in ManifestKind.allCases.dropLast() {
      #expect(take([.replaceAll(kind, kind == .service ? [service] : [])], in: &state) == nil)
    }
    #expect(take([.put(service)], in: &state) == nil)
    let last = try #require(ManifestKind.allCases.last)
    let first = take([.replaceAll(last, [])], in: &state)
    #expect(first?.snapshot.generation == 1)
    #expect(first?.snapshot.changes == .everything)
    #expect(first?.summary.services == 1)
  }

  @Test("the first one even if there is nothing at all")
  func empty() {
    var state = ConfigurationState(options: CompileOptions())
    #expect(take(all(), in: &state)?.snapshot.generation == 1)
  }

  @Test("none for news that change nothing")
  func nothingNew() throws {
    var state = ConfigurationState(options: CompileOptions())
    _ = take(all([try service("a")]), in: &state)
    #expect(take([.put(try service("a"))], in: &state) == nil)
    let unknown = ObjectKey(namespace: "default", name: "unknown")
    #expect(take([.remove(.pod, unknown)], in: &state) == nil)
    #expect(take(all([try service("a")]), in: &state) == nil)
    #expect(take([.put(try service("b"))], in: &state)?.snapshot.generation == 2)
  }

  @Test("none for the answer of a target that nobody names")
  func strayAnswer() throws {
    var state = ConfigurationState(options: CompileOptions())
    _ = take(all([try service("a", target: "manual:///a")]), in: &state)
    let answer = Resolution(endpoints: [ResolvedEndpoint(endpoint(1))], answeredAt: .now)
    let stray = state.take(
      changes: [], findings: nil, resolutions: ["manual:///b": answer], since: .now)
    #expect(stray == nil)
    let own = state.take(
      changes: [], findings: nil, resolutions: ["manual:///a": answer], since: .now)
    #expect(own?.ports(of: "a") == [1])
  }
}
