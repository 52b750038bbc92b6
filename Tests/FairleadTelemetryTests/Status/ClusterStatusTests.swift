import FairleadTelemetry
import Testing

@Suite("Cluster status")
struct ClusterStatusTests {
  private func status(
    _ name: String, _ connectivity: ClusterStatus.Connectivity, _ endpoints: [EndpointStatus]
  ) -> ClusterStatus {
    ClusterStatus(
      name: name, service: "greeter", port: 80, policy: "round_robin", connectivity: connectivity,
      endpoints: endpoints)
  }

  @Test("of several workers is one for each cluster, with counts added and the better state")
  func merging() {
    let first = status(
      "b", .connecting,
      [EndpointStatus(name: "p", address: "1", state: .connecting, active: 1, total: 5)])
    let second = status(
      "b", .ready,
      [
        EndpointStatus(
          name: "p", address: "1", state: .ready, active: 2, total: 7, connections: 1,
          lastError: "refused"),
        EndpointStatus(name: "q", address: "2", state: .idle),
      ])
    let merged = ClusterStatus.merging([first, second, status("a", .idle, [])])
    #expect(merged.map(\.name) == ["a", "b"])
    #expect(merged[1].connectivity == .ready)
    #expect(
      merged[1].endpoints == [
        EndpointStatus(
          name: "p", address: "1", state: .ready, active: 3, total: 12, connections: 1,
          lastError: "refused"),
        EndpointStatus(name: "q", address: "2", state: .idle),
      ])
  }

  @Test("ranks the states by how soon they can take a call")
  func order() {
    #expect(
      ClusterStatus.Connectivity.allCases.shuffledByName().sorted()
        == ClusterStatus.Connectivity.allCases)
  }
}

extension [ClusterStatus.Connectivity] {
  /// Another order than that of the declaration, the same every time.
  fileprivate func shuffledByName() -> Self {
    sorted { $0.rawValue < $1.rawValue }
  }
}
