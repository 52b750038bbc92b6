import Foundation
import Testing

@testable import FairleadLoad

@Suite("A report of several runs")
struct LoadReportTests {
  private let report = LoadReport(
    method: "helloworld.Greeter/SayHello", backendsBy: "header x-pod",
    runs: [
      .made(name: "tcp-1", backends: [("pod-2", 900, 1)]),
      .made(
        name: "proxy", mode: .balanced(policy: "round_robin"),
        backends: [("pod-1", 300, nil), ("pod-2", 300, nil), ("pod-3", 300, nil)]),
    ])

  @Test("What one run has seen counts in the others")
  func union() {
    let first = report.runs[0]
    #expect(report.backends.names == ["pod-1", "pod-2", "pod-3"])
    #expect(first.backends.map(\.name) == ["pod-1", "pod-2", "pod-3"])
    #expect(first.backends.map(\.calls) == [0, 900, 0])
    #expect(first.backends.map(\.share) == [0, 1, 0])
    #expect(first.skew?.maxOverMean == 3)
    #expect(first.verdict.kind == .byConnection)
    #expect(report.runs[1].verdict.kind == .even)
  }

  private func run(_ target: String, _ names: [String]) -> LoadRun {
    .made(
      name: target, target: target, mode: .balanced(policy: "round_robin"),
      backends: names.map { ($0, 300, nil) })
  }

  @Test("Two targets, each balanced over its own endpoints, are each even")
  func twoTargets() {
    var first = run("dns:///v1", ["a", "b", "c"])
    var second = run("dns:///v2", ["d", "e"])
    first.endpoints = ["a", "b", "c"]
    second.endpoints = ["d", "e", "f"]
    let report = LoadReport(method: "m", backendsBy: "peer", runs: [first, second])
    #expect(report.runs.map(\.verdict.kind) == [.even, .uneven])
    #expect(report.runs[1].backends.map(\.name) == ["d", "e", "f"])
    #expect(report.runs.map(\.backendCount) == [3, 3])
    #expect(report.backends.names == ["a", "b", "c", "d", "e", "f"])
  }

  @Test("By header, runs with no backend and no target in common know nothing of each other")
  func unrelated() {
    let runs = [
      run("v1", ["a", "b"]), run("v2", ["d", "e"]), run("v3", ["b", "c"]), run("v2", ["f"]),
      run("v4", []),
    ]
    let report = LoadReport(method: "m", backendsBy: "header x-pod", runs: runs)
    let names = report.runs.map { $0.backends.map(\.name) }
    #expect(
      names == [["a", "b", "c"], ["d", "e", "f"], ["a", "b", "c"], ["d", "e", "f"], []])
    #expect(report.runs[4].verdict.kind == .noCalls)
  }

  @Test("Runs are related by a third, whatever the order")
  func chain() {
    let runs = [run("v1", ["a"]), run("v2", ["c"]), run("v3", ["b", "c"]), run("v4", ["a", "b"])]
    let report = LoadReport(
      method: "m", backendsBy: "header x-pod", runs: runs, backendCount: 4)
    for run in report.runs {
      #expect(run.backends.map(\.name) == ["a", "b", "c"] && run.backendCount == 4)
    }
  }

  @Test("A run by itself knows of its own backends only")
  func alone() {
    #expect(LoadRun.made([900]).verdict.kind == .oneBackend)
  }

  @Test("Calls that no backend answered are counted apart, and are no part of the shares")
  func unattributed() {
    let run = LoadRun.made([30, 10], unanswered: 60)
    #expect(run.unattributed == 60)
    #expect(run.backends.map(\.share) == [0.75, 0.25])
    #expect(run.callsPerSecond == 50)
  }

  @Test("A run of no time has no rate")
  func noTime() {
    let interval = LoadInterval(
      atSeconds: 0, lengthSeconds: 0, calls: 3, failed: 0, p50Seconds: nil, p99Seconds: nil)
    #expect(interval.rate == 0)
  }

  @Test("A name that stands twice is one backend")
  func twice() {
    let run = LoadRun.made(backends: [("a", 10, 1), ("b", 20, 1), ("a", 10, 1)])
    #expect(run.backends.map(\.calls) == [20, 20])
  }

  @Test("The most frequent status comes first")
  func statuses() {
    let run = LoadRun.made(
      [10], unanswered: 90, failures: [(4, "DEADLINE_EXCEEDED", 20), (14, "UNAVAILABLE", 70)])
    #expect(run.statuses.map(\.name) == ["UNAVAILABLE", "DEADLINE_EXCEEDED", "OK"])
  }

  @Test("JSON reads back as the same report, and numbers are numbers")
  func json() throws {
    let data = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(LoadReport.self, from: data) == report)
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    let run = try #require((object["runs"] as? [[String: Any]])?.first)
    #expect(run["calls"] as? Int == 900)
    #expect(run["callsPerSecond"] as? Double == 450)
    #expect((run["mode"] as? [String: String]) == ["kind": "connection"])
    #expect((run["verdict"] as? [String: String])?["kind"] == "by-connection")
  }
}
