import Testing

@testable import FairleadManifests

@Suite("Pods are read")
struct PodDecoderTests {
  private func read(_ rest: String, metadata: String = "name: p") -> Kubernetes.Pod? {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {\(metadata)}\n\(rest)"
    guard case .pod(let pod)? = decode(text).objects.first else { return nil }
    return pod
  }

  private func conditions(_ status: String, isDeleting: Bool = false) -> [Bool]? {
    let deletion = isDeleting ? ", deletionTimestamp: \"2026-01-01T00:00:00Z\"" : ""
    let pod = read("status: {podIP: 10.0.0.1, \(status)}", metadata: "name: p\(deletion)")
    return pod.map {
      [$0.conditions.isReady, $0.conditions.isServing, $0.conditions.isTerminating]
    }
  }

  @Test("a pod is ready by its condition; without one, unless it is pending")
  func readiness() {
    #expect(conditions("conditions: [{type: Ready, status: \"True\"}]") == [true, true, false])
    #expect(conditions("conditions: [{type: Ready, status: \"False\"}]") == [false, false, false])
    #expect(
      conditions("conditions: [{type: Initialized, status: \"True\"}]") == [true, true, false])
    #expect(conditions("phase: Running") == [true, true, false])
    #expect(conditions("phase: Pending") == [false, false, false])
  }

  @Test("a pod that is being deleted is not ready, and serves as long as its condition says so")
  func deletion() {
    #expect(
      conditions("conditions: [{type: Ready, status: \"True\"}]", isDeleting: true)
        == [false, true, true])
    #expect(
      conditions("conditions: [{type: Ready, status: \"False\"}]", isDeleting: true)
        == [false, false, true])
  }

  @Test("what an API server writes into a pod is no finding")
  func serverFields() {
    let text = """
      apiVersion: v1
      kind: Pod
      metadata: {name: p, generateName: p-, labels: {app: a}}
      spec:
        nodeName: n
        containers: [{name: c, image: i, readinessProbe: {}, ports: [{containerPort: 1, protocol: TCP}]}]
      status:
        phase: Running
        hostIP: 10.0.0.9
        podIP: 10.0.0.1
        podIPs: [{ip: 10.0.0.1}]
        conditions:
        - {type: Initialized, status: "True", lastProbeTime: null}
        - {type: Ready, status: "True", lastTransitionTime: "2026-01-01T00:00:00Z"}
        - {type: PodScheduled, status: "True", observedGeneration: 1}
        containerStatuses: [{name: c, ready: true}]
      """
    #expect(decode(text).findings.isEmpty)
    #expect(decode(text).objects.count == 1)
  }

  @Test("its address is podIP, else the first of podIPs")
  func address() {
    #expect(read("status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.2}]}")?.address == "10.0.0.1")
    #expect(read("status: {podIPs: [{ip: 10.0.0.2}, {ip: \"::1\"}]}")?.address == "10.0.0.2")
    #expect(read("status: {podIP: \"\"}")?.address == nil)
    #expect(read("spec: {}")?.address == nil)
  }

  @Test("ports of containers and of sidecars, TCP only")
  func ports() {
    let pod = read(
      """
      spec:
        initContainers:
        - {name: once, ports: [{name: x, containerPort: 1}]}
        - {name: sidecar, restartPolicy: Always, ports: [{name: side, containerPort: 2}]}
        containers:
        - name: c
          image: server:1
          anything: {goes: here}
          ports:
          - {name: grpc, containerPort: 3, protocol: TCP}
          - {name: dns, containerPort: 4, protocol: UDP}
          - {containerPort: 5, hostPort: 6}
      """)
    #expect(
      pod?.ports == [
        .init(name: "grpc", port: 3), .init(name: nil, port: 5), .init(name: "side", port: 2),
      ])
  }

  @Test("bad addresses and ports are errors")
  func errors() {
    let head = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"
    #expect(codes(head + "status: {podIP: localhost}") == ["4 error invalid-value"])
    #expect(codes(head + "status: {podIPs: [{ip: 1.2.3}]}") == ["4 error invalid-value"])
    #expect(
      codes(head + "spec: {containers: [{ports: [{name: Grpc_Port, containerPort: 70000}]}]}")
        == ["4 error invalid-value", "4 error invalid-value"])
    #expect(
      codes(head + "spec: {containers: [{ports: [{name: grpc, port: 1}]}]}")
        == ["4 error missing-field", "4 warning unknown-field"])
  }
}
