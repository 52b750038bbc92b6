import Testing

@testable import FairleadManifests

@Suite("EndpointSlices are read")
struct EndpointSliceDecoderTests {
  private func slice(_ rest: String, labels: String = "{kubernetes.io/service-name: a}") -> String {
    """
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: a-1, labels: \(labels)}
    \(rest)
    """
  }

  private func read(_ text: String) -> Kubernetes.EndpointSlice? {
    guard case .endpointSlice(let slice)? = decode(text).objects.first else { return nil }
    return slice
  }

  @Test("what conditions do not say has its default: ready, serving, not terminating")
  func conditions() {
    let read = read(
      slice(
        """
        addressType: IPv4
        endpoints:
        - {addresses: [10.0.0.1]}
        - {addresses: [10.0.0.2], conditions: {}}
        - {addresses: [10.0.0.3], conditions: {ready: null, serving: null, terminating: null}}
        - {addresses: [10.0.0.4], conditions: {ready: false, terminating: true}}
        ports: [{port: 80}]
        """))
    let ready = Kubernetes.EndpointSlice.Conditions(
      isReady: true, isServing: true, isTerminating: false)
    let leaving = Kubernetes.EndpointSlice.Conditions(
      isReady: false, isServing: true, isTerminating: true)
    #expect(read?.endpoints.map(\.conditions) == [ready, ready, ready, leaving])
  }

  @Test("only the first address counts; pod, zone and ports are read")
  func fields() {
    let read = read(
      slice(
        """
        addressType: IPv6
        endpoints:
        - addresses: ["2001:db8::1", "2001:db8::2"]
          targetRef: {kind: Pod, name: p, namespace: default, uid: x}
          zone: zone-a
          nodeName: n
          hostname: h
          hints: {forZones: [{name: zone-a}]}
        - addresses: ["2001:db8::3"]
          targetRef: {kind: Node, name: n}
        ports: [{name: grpc, port: 80, protocol: TCP, appProtocol: x}, {name: u, port: 1, protocol: UDP}, {name: any}]
        """))
    #expect(read?.endpoints.map(\.address) == ["2001:db8::1", "2001:db8::3"])
    #expect(read?.endpoints.map(\.podName) == ["p", nil])
    #expect(read?.endpoints.first?.zone == "zone-a")
    #expect(read?.ports == [.init(name: "grpc", port: 80), .init(name: "any", port: nil)])
    #expect(read?.serviceName == "a")
  }

  @Test("hints are read, of nodes and of zones")
  func hints() {
    let text = slice(
      """
      addressType: IPv4
      endpoints:
      - {addresses: [10.0.0.1], hints: {}}
      - {addresses: [10.0.0.2], hints: {forZones: [{name: a}, {name: b}], forNodes: [{name: n}]}}
      """)
    #expect(decode(text).findings.isEmpty)
    #expect(
      read(text)?.endpoints.map(\.hints) == [.init(), .init(nodes: ["n"], zones: ["a", "b"])])
  }

  @Test("endpoints and ports may be null, as an API server writes an empty slice")
  func null() {
    let text = slice("addressType: IPv4\nendpoints: null\nports: null")
    #expect(decode(text).findings.isEmpty)
    #expect(read(text)?.endpoints == [])
  }

  @Test("addresses must be of the slice's family")
  func addresses() {
    #expect(codes(slice("addressType: IPv4\nendpoints: [{addresses: [\"::1\"]}]")).count == 1)
    #expect(codes(slice("addressType: IPv6\nendpoints: [{addresses: [10.0.0.1]}]")).count == 1)
    #expect(
      decode(slice("addressType: IPv4\nendpoints: [{addresses: [10.0.0.256]}]")).findings
        .map(\.message) == ["`10.0.0.256` is not an IPv4 address"])
    #expect(
      codes(slice("addressType: IPv4\nendpoints: [{addresses: []}]")) == ["5 error missing-field"])
  }

  @Test("FQDN is not honoured, another type is an error, and so is none")
  func types() {
    #expect(
      codes(slice("addressType: FQDN\nendpoints: [{addresses: [a.example]}]"))
        == ["4 warning not-honoured"])
    #expect(codes(slice("addressType: DNS")) == ["4 error invalid-value"])
    #expect(
      codes(slice("endpoints: [{addresses: [10.0.0.1], zone: a}]")) == ["1 error missing-field"])
  }

  @Test("a slice that names no Service belongs to none")
  func orphan() {
    #expect(codes(slice("addressType: IPv4", labels: "{}")) == ["3 info never-matches"])
  }
}
