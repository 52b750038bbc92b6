import FairleadBalancing
import FairleadDiscovery
import Foundation
import Testing

@testable import fairlead

@Suite struct ResolutionPrinterTests {
  let time = ContinuousClock.now
  let printer = ResolutionPrinter(target: "dns:///greeter:80", isJSON: false)

  private func pod(_ host: String, readiness: Readiness = .ready) -> ResolvedEndpoint {
    ResolvedEndpoint(Endpoint(address: .ip(host: host, port: 80)), readiness: readiness)
  }

  private func resolution(
    _ endpoints: ResolvedEndpoint..., failure: ResolutionFailure? = nil
  ) -> Resolution {
    Resolution(endpoints: endpoints, answeredAt: time, failure: failure)
  }

  @Test("the table has all that is known of an endpoint, and dashes for what is not")
  func table() throws {
    let known = ResolvedEndpoint(
      Endpoint(
        address: .ip(host: "10.0.0.1", port: 80), name: "pod-a", weight: 3,
        locality: Locality(region: "eu", zone: "eu-1a"), labels: ["b": "2", "a": "1"]),
      readiness: .draining)
    let text = try printer.text(
      resolution(known, pod("10.0.0.2")), at: time.advanced(by: .seconds(90)))
    #expect(
      text == """
        ENDPOINT     NAME         READINESS  WEIGHT  ZONE      LABELS   AGE
        10.0.0.1:80  pod-a        draining        3  eu/eu-1a  a=1,b=2  90s
        10.0.0.2:80  10.0.0.2:80  ready           1  -         -        90s
        """)
  }

  @Test("an age below a second is told in milliseconds")
  func age() throws {
    let text = try printer.text(
      resolution(pod("10.0.0.1")), at: time.advanced(by: .microseconds(12_700)))
    #expect(text.hasSuffix(" 12ms"))
  }

  @Test("each change is a line with its time")
  func changes() throws {
    let old = resolution(pod("10.0.0.1"), pod("10.0.0.2"))
    let new = resolution(pod("10.0.0.2", readiness: .draining), pod("10.0.0.3"))
    #expect(
      try printer.changes(from: old, to: new, time: "T") == [
        "T ~ 10.0.0.2:80 draining", "T + 10.0.0.3:80 ready", "T - 10.0.0.1:80",
      ])
    #expect(
      try printer.changes(from: nil, to: resolution(), time: "T") == ["T = no endpoints"])
  }

  @Test("a failure is told when it begins and when it ends, and takes no endpoint away")
  func failure() throws {
    let good = resolution(pod("10.0.0.1"))
    let bad = resolution(
      pod("10.0.0.1"), failure: ResolutionFailure(.unreachable, "The server is down."))
    #expect(
      try printer.changes(from: good, to: bad, time: "T") == ["T ! The server is down."])
    #expect(
      try printer.changes(from: bad, to: good, time: "T") == [
        "T = the source answers again; endpoints: 1"
      ])
  }

  @Test("JSON has the failure beside the endpoints")
  func json() throws {
    let printer = ResolutionPrinter(target: "dns:///greeter:80", isJSON: true)
    let bad = resolution(
      pod("10.0.0.1"), failure: ResolutionFailure(.notFound, "There is no such name."))
    let lines = try printer.changes(from: nil, to: bad, time: "T")
    #expect(
      lines == [
        #"{"endpoints":[{"address":"10.0.0.1:80","labels":{},"name":"10.0.0.1:80","#
          + #""readiness":"ready","weight":1}],"failure":{"kind":"not-found","#
          + #""message":"There is no such name."},"target":"dns:///greeter:80","time":"T"}"#
      ])
  }

  @Test(
    "a target that is malformed, or of a scheme that is not there, is wrong usage",
    arguments: ["kubernetes:///a.b.c", "dns:///a:b:c", "nope:///x"])
  func usage(_ target: String) {
    #expect(throws: (any Error).self) { try ResolveCommand.parse([target]) }
  }
}
