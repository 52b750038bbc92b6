import Foundation

/// The story the demo tells, scene by scene, on a ``DemoStage``.
struct Demo: Sendable {
  private let stage: DemoStage
  private let progress: @Sendable (String) -> Void

  /// Calls in each scene that is counted exactly.
  static let calls = 300

  /// A new pod's first call must come this soon after the proxy has read the change.
  private static let joinLimit = 100.0

  /// How long a scene under load may wait for its calls, or for a pod to end.
  private static let patience = Duration.seconds(10)

  private static let firstPods = ["pod-1", "pod-2", "pod-3"]
  private static let addedPod = "pod-4"
  private static let stoppedPod = "pod-2"
  private static let killedPod = "pod-3"

  /// - Parameters:
  ///   - stage: Where it plays.
  ///   - progress: Told what comes next, in a few words.
  init(on stage: DemoStage, progress: @escaping @Sendable (String) -> Void) {
    self.stage = stage
    self.progress = progress
  }

  /// Plays all scenes and reports.
  func run() async throws -> DemoReport {
    let clock = ContinuousClock()
    let start = clock.now
    try await setUp()
    var report = DemoReport()
    for scene in [
      oneConnection, threeConnections, roundRobin, weights, newWeights, podAdded, podStopped,
      podKilled,
    ] {
      report.rows.append(try await scene())
    }
    report.seconds = Double(start.duration(to: clock.now) / .milliseconds(1)) / 1000
    return report
  }

  private func setUp() async throws {
    progress("starting five pods and a proxy")
    try await stage.startPods(Self.firstPods, app: "greeter")
    try await stage.startPods(["v1", "v2"], app: "greeter-split")
    try await stage.publishPods()
    try await stage.publishRouting(v1: 90, v2: 10)
    try await stage.startProxy()
  }

  private func client(of service: String) async -> DemoClient {
    DemoClient(
      address: await stage.addresses.calls, authority: "\(service):\(DemoManifests.port)")
  }

  // MARK: A ClusterIP balances connections

  private func oneConnection() async throws -> DemoRow {
    progress("ClusterIP, one connection")
    let client = DemoClient(address: await stage.addresses.clusterIP, authority: nil)
    return DemoRow(
      id: "clusterip-1", scene: "ClusterIP (kube-proxy, random)", connections: 1,
      tally: try await client.calls(Self.calls),
      shows: "all calls of a connection on one pod",
      claims: [.onePod, .failures(atMost: 0)])
  }

  private func threeConnections() async throws -> DemoRow {
    progress("ClusterIP, three connections")
    let client = DemoClient(address: await stage.addresses.clusterIP, authority: nil)
    return DemoRow(
      id: "clusterip-3", scene: "ClusterIP (kube-proxy, random)", connections: 3,
      tally: try await client.calls(Self.calls, connections: 3),
      shows: "connections are spread, not calls",
      claims: [.multiples(of: Self.calls / 3), .failures(atMost: 0)])
  }

  // MARK: Fairlead balances calls

  private func roundRobin() async throws -> DemoRow {
    progress("Fairlead, round robin")
    let expected = Dictionary(uniqueKeysWithValues: Self.firstPods.map { ($0, Self.calls / 3) })
    return DemoRow(
      id: "round-robin", scene: "Fairlead, round robin", connections: 1,
      tally: try await client(of: DemoManifests.spread).calls(Self.calls),
      shows: "every call is balanced",
      claims: [.exactly(expected), .failures(atMost: 0)])
  }

  private func weights() async throws -> DemoRow {
    progress("Fairlead, weights 90 and 10")
    return DemoRow(
      id: "weights-90-10", scene: "Fairlead, weights v1 90, v2 10", connections: 1,
      tally: try await client(of: DemoManifests.split).calls(Self.calls),
      shows: "weights are kept exactly",
      claims: [.exactly(["v1": 270, "v2": 30]), .failures(atMost: 0)])
  }

  private func newWeights() async throws -> DemoRow {
    progress("Fairlead, weights edited to 0 and 100")
    try await stage.change { try $0.publishRouting(v1: 0, v2: 100) }
    return DemoRow(
      id: "weights-0-100", scene: "… edited live to v1 0, v2 100", connections: 1,
      tally: try await client(of: DemoManifests.split).calls(Self.calls),
      shows: "in force at once, no restart",
      claims: [.exactly(["v2": Self.calls]), .failures(atMost: 0)])
  }

  // MARK: Pods come and go under load

  private func podAdded() async throws -> DemoRow {
    progress("a pod is added under load")
    try await stage.startPods([Self.addedPod], app: "greeter")
    let client = await client(of: DemoManifests.spread)
    let (delay, tally) = try await client.steadily { recorder in
      try await recorder.waitForCalls(Self.calls / 3, within: Self.patience)
      try await stage.publishPods()
      // Asked only once it has called: a busy admin page would be part of what is measured.
      let first = try await poll(within: Self.patience) { recorder.firstReply(of: Self.addedPod) }
      let configuration = try await stage.configurationInForce()
      try await recorder.waitForCalls(Self.calls * 2 / 3, within: Self.patience)
      guard let first, let readAt = configuration.readAt else { return Double?.none }
      return first.timeIntervalSince(readAt) * 1000
    }
    let measured = delay.map { "first call \(DemoRow.text($0)) ms after the change" }
    return DemoRow(
      id: "pod-added", scene: "\(Self.addedPod) added under load", connections: 1, tally: tally,
      milliseconds: delay, shows: measured ?? "it got no call",
      claims: [.milliseconds(atMost: Self.joinLimit), .failures(atMost: 0)])
  }

  private func podStopped() async throws -> DemoRow {
    progress("a pod is stopped under load")
    return DemoRow(
      id: "pod-stopped", scene: "SIGTERM to \(Self.stoppedPod) under load",
      connections: 1, tally: try await losing(Self.stoppedPod) { $0.stop() },
      shows: "a rolling update costs no call",
      claims: [.failures(atMost: 0)])
  }

  private func podKilled() async throws -> DemoRow {
    progress("a pod is killed under load")
    return DemoRow(
      id: "pod-killed", scene: "SIGKILL of \(Self.killedPod) under load",
      connections: 1, tally: try await losing(Self.killedPod) { $0.kill() },
      shows: "only calls it was serving can fail",
      claims: [.failures(atMost: DemoClient.callers)])
  }

  private func losing(
    _ pod: String, how end: @Sendable (ChildProcess) -> Void
  ) async throws -> GreetTally {
    let child = await stage.child(pod)
    return try await client(of: DemoManifests.spread).steadily { recorder in
      try await recorder.waitForCalls(Self.calls / 3, within: Self.patience)
      end(child)
      try await child.waitForEnd(within: Self.patience)
      try await recorder.waitForCalls(Self.calls * 2 / 3, within: Self.patience)
    }.tally
  }
}
