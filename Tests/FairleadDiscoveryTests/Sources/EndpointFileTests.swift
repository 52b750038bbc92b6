import FairleadBalancing
import Testing

@testable import FairleadDiscovery

@Suite struct EndpointFileTests {
  @Test("every field of an endpoint is read")
  func fields() throws {
    let file = try EndpointFile(
      """
      endpoints:
      - address: 10.0.0.1:8080
        name: pod-a
        weight: 2
        region: eu
        zone: eu-1a
        subzone: rack
        labels: {version: v1, number: 7}
        readiness: draining
      - "[::1]:80"
      - address: unix:/run/a.sock
        readiness: not-ready
      """, path: "e.yaml")
    #expect(
      file.endpoints == [
        ResolvedEndpoint(
          Endpoint(
            address: .ip(host: "10.0.0.1", port: 8080), name: "pod-a", weight: 2,
            locality: Locality(region: "eu", zone: "eu-1a", subzone: "rack"),
            labels: ["version": "v1", "number": "7"]), readiness: .draining),
        ResolvedEndpoint(Endpoint(address: .ip(host: "::1", port: 80))),
        ResolvedEndpoint(Endpoint(address: .unix(path: "/run/a.sock")), readiness: .notReady),
      ])
    #expect(try EndpointFile("[]", path: "e.yaml").endpoints == [])
  }

  @Test("all that is wrong is named with its line")
  func problems() throws {
    let failure = try #require(throws: ResolutionFailure.self) {
      try EndpointFile(
        """
        - address: greeter:80
        - address: 10.0.0.1:80
          weight: 0
          wight: 1
        """, path: "e.yaml")
    }
    #expect(failure.kind == .malformed)
    for part in [
      "e.yaml", "line 1: `address`", "line 3: `weight`", "line 4: there is no field `wight`",
    ] {
      #expect(failure.message.contains(part), "\(failure.message)")
    }
  }

  @Test(
    "what is no list of endpoints is refused",
    arguments: ["", "a: b", "7", "[[", "- {}", "- 10.0.0.1"])
  func refused(_ text: String) {
    #expect(throws: ResolutionFailure.self) { try EndpointFile(text, path: "e.yaml") }
  }

  @Test("a file that is empty or gone for one look is being written")
  func halfWritten() {
    var ledger = EndpointFileLedger(path: "e.yaml")
    let good = EndpointFileLedger.Verdict.answered([ResolvedEndpoint(pod(1))])
    #expect(ledger.took(.text("- 10.0.0.1:80")) == good)
    #expect(ledger.took(.text("")) == .wait)
    #expect(ledger.took(.text("- 10.0.0.1:80")) == good)
    #expect(ledger.took(.unreadable("gone")) == .wait)
    guard case .failed(let failure) = ledger.took(.unreadable("gone")) else {
      Issue.record("A file that stays away is told.")
      return
    }
    #expect(failure.kind == .unreachable)
    #expect(ledger.took(.text("- 10.0.0.1:80")) == good)
  }

  @Test("a file that was never there is told at once")
  func neverThere() {
    var ledger = EndpointFileLedger(path: "e.yaml")
    guard case .failed = ledger.took(.unreadable("gone")) else {
      Issue.record("There is nothing to be patient for.")
      return
    }
  }
}
