import FairleadAdmin
import FairleadTelemetry
import Foundation
import Testing

@Suite("The clusters page")
struct ClustersPageTests {
  private let states = [
    ClusterStatus(
      name: "outbound|80||z", service: "z", port: 80, policy: "random", connectivity: .idle,
      endpoints: []),
    ClusterStatus(
      name: "outbound|80|v1|greeter", service: "greeter", port: 80, subset: "v1",
      policy: "round_robin", connectivity: .ready,
      endpoints: [
        EndpointStatus(
          name: "greeter-1", address: "127.0.0.1:9001", state: .ready, active: 2, total: 100,
          connections: 1, labels: ["version": "v1", "app": "greeter"]),
        EndpointStatus(
          name: "p2", address: "127.0.0.1:9002", weight: 10, state: .transientFailure,
          lastError: "connection\nrefused"),
      ]),
  ]

  private func answer(_ request: PageRequest) async -> PageAnswer {
    await AdminPages(source: FixedSource(states: states)).answer(request)
  }

  @Test("aligns the endpoints of each cluster, clusters by name")
  func text() async {
    let expected = """
      outbound|80|v1|greeter  round_robin  ready
        ENDPOINT   ADDRESS         STATE              WEIGHT  ACTIVE  TOTAL  CONNECTIONS  LABELS                  LAST ERROR
        greeter-1  127.0.0.1:9001  ready              1       2       100    1            app=greeter,version=v1
        p2         127.0.0.1:9002  transient_failure  10      0       0      0            -                       connection refused

      outbound|80||z  random  idle
        no endpoints

      """
    #expect(await answer(PageRequest(path: "/clusters")).body == expected)
  }

  @Test(
    "is JSON for who asks for it",
    arguments: [
      PageRequest(path: "/clusters", query: ["format": "json"]),
      PageRequest(path: "/clusters", accept: "application/json"),
      PageRequest(path: "/clusters", accept: "text/html, Application/JSON;q=0.9"),
      PageRequest(path: "/clusters", query: ["format": "json"], accept: "text/plain"),
    ])
  func json(request: PageRequest) async throws {
    let answer = await answer(request)
    #expect(answer.contentType == "application/json")
    let decoded = try JSONDecoder().decode([ClusterStatus].self, from: Data(answer.body.utf8))
    #expect(decoded == states.reversed())
  }

  @Test(
    "is text for everybody else",
    arguments: [
      PageRequest(path: "/clusters", accept: "*/*"),
      PageRequest(path: "/clusters", query: ["format": "text"], accept: "application/json"),
    ])
  func notJSON(request: PageRequest) async {
    #expect(await answer(request).contentType == "text/plain; charset=utf-8")
  }
}
