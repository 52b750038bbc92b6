import FairleadBalancing
import Testing

@testable import FairleadManifests

@Suite("The union of a Service's slices")
struct SliceUnionTests {
  private typealias Slice = Kubernetes.EndpointSlice

  private func slice(
    _ name: String, _ endpoints: [Slice.Endpoint], type: Slice.AddressType = .ipv4,
    ports: [Slice.Port] = [.init(port: 80)]
  ) -> Slice {
    Slice(
      metadata: ObjectMetadata(name: name), serviceName: "s", addressType: type,
      endpoints: endpoints, ports: ports)
  }

  private func chosen(
    _ endpoints: [Slice.Endpoint], zone: String? = nil, node: String? = nil
  ) -> [String] {
    let union = SliceUnion([slice("a", endpoints)])
    return SliceEndpoint.chosen(
      among: union.endpoints(portName: nil), zone: zone, nodeName: node
    ).endpoints.map(\.address.description)
  }

  @Test("has every endpoint of every slice, ready or not, with its pod's labels and weight")
  func union() {
    let union = SliceUnion(
      [
        slice("b", [.init(address: "10.0.0.2", conditions: .init(isReady: false))]),
        slice("a", [.init(address: "10.0.0.1", podName: "p", zone: "z")]),
      ], pods: ["p": .init(labels: ["v": "1"], weight: 3)])
    let endpoints = union.endpoints(portName: "")
    #expect(endpoints.map(\.endpoint.address.description) == ["10.0.0.1:80", "10.0.0.2:80"])
    #expect(endpoints.map(\.conditions.isReady) == [true, false])
    #expect(endpoints[0].endpoint.weight == 3)
    #expect(endpoints[0].endpoint.labels == ["v": "1"])
    #expect(endpoints[0].endpoint.locality == Locality(zone: "z"))
    #expect(union.endpoints(portName: "other").isEmpty)
  }

  @Test("does not lose an endpoint that is in two slices while it moves")
  func moving() {
    let old = slice("a", [.init(address: "10.0.0.1", conditions: .init(isReady: false))])
    let new = slice("b", [.init(address: "10.0.0.1")])
    for slices in [[old, new], [new, old]] {
      let set = SliceEndpoint.chosen(among: SliceUnion(slices).endpoints(portName: nil))
      #expect(set.endpoints.map(\.address.description) == ["10.0.0.1:80"])
    }
  }

  // MARK: Hints

  private func zoned(_ address: String, _ zones: String..., isReady: Bool = true) -> Slice.Endpoint
  {
    .init(
      address: address, conditions: .init(isReady: isReady), hints: .init(zones: zones))
  }

  @Test("is narrowed to the client's zone when every ready endpoint has a hint and one is for it")
  func zones() {
    let endpoints = [
      zoned("10.0.0.1", "a"), zoned("10.0.0.2", "b"), zoned("10.0.0.3", "a", "b"),
    ]
    #expect(chosen(endpoints, zone: "a") == ["10.0.0.1:80", "10.0.0.3:80"])
    #expect(chosen(endpoints, zone: "b") == ["10.0.0.2:80", "10.0.0.3:80"])
    #expect(chosen(endpoints, zone: "c").count == 3)
    #expect(chosen(endpoints).count == 3)
  }

  @Test("is whole when only some ready endpoints have hints; others do not matter")
  func someHints() {
    let hinted = [zoned("10.0.0.1", "a"), zoned("10.0.0.2", "b")]
    #expect(chosen(hinted + [.init(address: "10.0.0.3")], zone: "a").count == 3)
    let notReady = Slice.Endpoint(address: "10.0.0.3", conditions: .init(isReady: false))
    #expect(chosen(hinted + [notReady], zone: "a") == ["10.0.0.1:80"])
    let startingInZone = zoned("10.0.0.3", "c", isReady: false)
    #expect(chosen(hinted + [startingInZone], zone: "c").count == 2)
  }

  @Test("is narrowed to the client's node before its zone")
  func nodes() {
    let endpoints = [
      Slice.Endpoint(address: "10.0.0.1", hints: .init(nodes: ["n1"], zones: ["a"])),
      Slice.Endpoint(address: "10.0.0.2", hints: .init(nodes: ["n2"], zones: ["a"])),
      Slice.Endpoint(address: "10.0.0.3", hints: .init(nodes: ["n3"], zones: ["b"])),
    ]
    #expect(chosen(endpoints, zone: "a", node: "n2") == ["10.0.0.2:80"])
    #expect(chosen(endpoints, zone: "a", node: "n4") == ["10.0.0.1:80", "10.0.0.2:80"])
    #expect(chosen(endpoints, zone: "c", node: "n4").count == 3)
    let some = endpoints + [Slice.Endpoint(address: "10.0.0.4", hints: .init(zones: ["b"]))]
    #expect(chosen(some, zone: "b", node: "n2") == ["10.0.0.3:80", "10.0.0.4:80"])
  }

  @Test("of endpoints that all terminate is not narrowed")
  func terminating() {
    let leaving = ["a", "b"].map { zone in
      Slice.Endpoint(
        address: zone == "a" ? "10.0.0.1" : "10.0.0.2",
        conditions: .init(isReady: false, isTerminating: true), hints: .init(zones: [zone]))
    }
    #expect(chosen(leaving, zone: "a").count == 2)
  }
}
