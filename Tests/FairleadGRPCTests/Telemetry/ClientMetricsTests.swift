import FairleadBalancing
import FairleadGRPC
import FairleadTestSupport
import Foundation
import GRPCCore
import MetricsTestKit
import SwiftProtobuf
import Testing

@Suite("What a program's metrics system is told (gRFC A66, A78, A94)")
struct ClientMetricsTests {
  private static let empty = "grpc.testing.TestService/EmptyCall"
  private static let unary = "grpc.testing.TestService/UnaryCall"
  private static let target = ("grpc.target", "test:///servers")

  private func started(_ metrics: TestMetrics, _ method: String) throws -> Int64 {
    try metrics.expectCounter(
      "grpc.client.attempt.started", [("grpc.method", method), Self.target]
    ).totalValue
  }

  private func recorded(
    _ metrics: TestMetrics, _ name: String, _ method: String, _ status: String
  ) throws -> [Double] {
    try metrics.expectRecorder(
      "grpc.client.attempt.\(name)",
      [("grpc.method", method), Self.target, ("grpc.status", status)]
    ).values
  }

  private func connections(
    _ metrics: TestMetrics, _ name: String, of prefix: String = "grpc.subchannel"
  ) throws -> Int64 {
    try metrics.expectCounter("\(prefix).\(name)", [Self.target]).totalValue
  }

  @Test("counts the attempts of each method, and times them by status")
  func attempts() async throws {
    let metrics = TestMetrics()
    try await withServers(1) { servers in
      try await withBalancedClient(of: servers, metrics: metrics) { client, _ in
        for _ in 0..<3 { _ = try await client.callEmpty() }
        servers[0].behaviour.failure = ServerFailure(.resourceExhausted, place: .afterMessages)
        _ = try? await client.callEmpty()
      }
    }
    #expect(try started(metrics, Self.empty) == 4)
    let served = try recorded(metrics, "duration", Self.empty, "OK")
    #expect(served.count == 3)
    #expect(served.allSatisfy { $0 > 0 && $0 < 60 }, "in seconds")
    #expect(try recorded(metrics, "duration", Self.empty, "RESOURCE_EXHAUSTED").count == 1)
  }

  @Test("an attempt that its caller gave up is CANCELLED")
  func cancelled() async throws {
    let metrics = TestMetrics()
    let gate = Gate()
    try await withServers(1) { servers in
      servers[0].behaviour.gate = gate
      try await withBalancedClient(of: servers, metrics: metrics) { client, transport in
        let call = Task { try await client.callEmpty() }
        await expectEventually("the call is at the server") { gate.waiting == 1 }
        call.cancel()
        await expectCancellation { try await call.value }
        await expectEventually("the call is counted out") { transport.active == 0 }
      }
    }
    #expect(try recorded(metrics, "duration", Self.empty, "CANCELLED").count == 1)
  }

  @Test("records how many bytes of messages went each way")
  func sizes() async throws {
    let metrics = TestMetrics()
    let request = Grpc_Testing_SimpleRequest.with {
      $0.responseSize = 2000
      $0.payload.body = Data(count: 1000)
    }
    let response = try await withServers(1) { servers in
      try await withBalancedClient(of: servers, metrics: metrics) { client, _ in
        try await client.unaryCall(request)
      }
    }
    let sent = try request.serializedData().count
    let received = try response.serializedData().count
    #expect(received > 2000)
    #expect(
      try recorded(metrics, "sent_total_compressed_message_size", Self.unary, "OK")
        == [Double(sent)])
    #expect(
      try recorded(metrics, "rcvd_total_compressed_message_size", Self.unary, "OK")
        == [Double(received)])
  }

  @Test("counts connections that came to be, were lost, and were refused")
  func subchannels() async throws {
    let metrics = TestMetrics()
    try await withServers(2) { servers in
      try await withBalancedClient(of: servers, metrics: metrics) { _, transport in
        try await transport.waitUntilReady(2)
        #expect(try connections(metrics, "connection_attempts_succeeded") == 2)
        #expect(try connections(metrics, "connection_attempts_failed") == 0)
        #expect(try connections(metrics, "disconnections") == 0)
        await servers[1].stop()
        try await expectEventually("it is lost, and does not come back") {
          try connections(metrics, "disconnections") == 1
            && connections(metrics, "connection_attempts_failed") >= 1
        }
        #expect(try connections(metrics, "connection_attempts_succeeded") == 2)
        #expect(throws: (any Error).self, "only pick_first counts under this name") {
          try connections(
            metrics, "connection_attempts_succeeded", of: "grpc.lb.pick_first")
        }
      }
    }
  }

  @Test("counts connections of pick_first under its name, too")
  func pickFirst() async throws {
    let metrics = TestMetrics()
    let config = ClientServiceConfig(
      balancing: BalancingConfiguration(policy: PickFirstPolicy()))
    try await withServers(1) { servers in
      try await withBalancedClient(of: servers, serviceConfig: config, metrics: metrics) {
        client, _ in
        _ = try await client.callEmpty()
        for prefix in ["grpc.subchannel", "grpc.lb.pick_first"] {
          #expect(try connections(metrics, "connection_attempts_succeeded", of: prefix) == 1)
        }
      }
    }
  }

  @Test("records the weights that load reports come to, and how many do not count")
  func weights() async throws {
    let metrics = TestMetrics()
    let config = ClientServiceConfig(
      balancing: BalancingConfiguration(
        policy: WeightedRoundRobinPolicy(
          blackoutPeriod: .zero, updatePeriod: .milliseconds(100))))
    try await withServers(3) { servers in
      // 100 and 200 requests per second for each unit of utilization; the third says nothing.
      servers[0].behaviour.trailingMetadata = try loadReport(50, at: 0.5)
      servers[1].behaviour.trailingMetadata = try loadReport(50, at: 0.25)
      try await withBalancedClient(of: servers, serviceConfig: config, metrics: metrics) {
        client, transport in
        try await transport.waitUntilReady(3)
        try await expectEventually("the reports are looked at") {
          _ = try await client.callEmpty()
          let weights = try metrics.expectRecorder("grpc.lb.wrr.endpoint_weights", [Self.target])
          return Set(weights.values).isSuperset(of: [0, 100, 200])
        }
      }
    }
    for name in ["rr_fallback", "endpoint_weight_not_yet_usable"] {
      #expect(try metrics.expectCounter("grpc.lb.wrr.\(name)", [Self.target]).totalValue > 0)
    }
    #expect(
      try metrics.expectCounter("grpc.lb.wrr.endpoint_weight_stale", [Self.target]).totalValue
        == 0)
  }

  @Test("counts who was ejected and who was not, by method and reason")
  func outliers() async throws {
    let metrics = TestMetrics()
    let detection = OutlierDetection(
      interval: .seconds(3600), maxEjectionPercent: 50, consecutiveFailures: 2)
    let config = ClientServiceConfig(
      balancing: BalancingConfiguration(policy: RoundRobinPolicy(), outlierDetection: detection))
    try await withServers(2) { servers in
      for server in servers { server.behaviour.failure = ServerFailure(.unavailable) }
      try await withBalancedClient(of: servers, serviceConfig: config, metrics: metrics) {
        client, transport in
        try await transport.waitUntilReady(2)
        for _ in 0..<20 { _ = try? await client.callEmpty() }
        #expect(transport.endpoints.count { $0.isEjected } == 1)
      }
    }
    let method = ("grpc.lb.outlier_detection.detection_method", "consecutive_failures")
    let reason = ("grpc.lb.outlier_detection.unenforced_reason", "max_ejection_overflow")
    #expect(
      try metrics.expectCounter(
        "grpc.lb.outlier_detection.ejections_enforced", [Self.target, method]
      ).totalValue == 1)
    #expect(
      try metrics.expectCounter(
        "grpc.lb.outlier_detection.ejections_unenforced", [Self.target, method, reason]
      ).totalValue == 1)
  }
}
