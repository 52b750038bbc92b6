import Testing

@testable import FairleadManifests

@Suite("One object of an API server")
struct ManifestObjectDecodeTests {
  private func decode(
    _ json: String, kind: ManifestKind
  ) throws -> (object: ManifestObject?, findings: [Finding]) {
    ManifestObject.decode(try ManifestNode(json: Array(json.utf8)), kind: kind)
  }

  private let slice = """
    "metadata": {
      "name": "greeter-x", "namespace": "prod", "uid": "u", "resourceVersion": "7",
      "generation": 2, "creationTimestamp": "2026-11-21T00:19:33Z",
      "labels": {"kubernetes.io/service-name": "greeter"},
      "managedFields": [{"fieldsV1": {"f:x": {}}}]
    },
    "addressType": "IPv4",
    "endpoints": [{"addresses": ["10.0.0.1"], "conditions": {"ready": true}}],
    "ports": [{"name": "", "port": 8080, "protocol": "TCP"}]
    """

  @Test("is read with and without its kind")
  func kinds() throws {
    let alone = "{\"apiVersion\": \"discovery.k8s.io/v1\", \"kind\": \"EndpointSlice\", \(slice)}"
    for json in ["{\(slice)}", alone] {
      let (object, findings) = try decode(json, kind: .endpointSlice)
      #expect(findings.isEmpty)
      #expect(object?.metadata.key == ObjectKey(namespace: "prod", name: "greeter-x"))
      guard case .endpointSlice(let read) = object else {
        Issue.record("Not a slice.")
        continue
      }
      #expect(read.endpoints.map(\.address) == ["10.0.0.1"])
    }
  }

  @Test("that has errors is not there, and the errors have its name and the field")
  func errors() throws {
    let (object, findings) = try decode(
      "{\(slice.replacing("10.0.0.1", with: "10.0.0.256"))}", kind: .endpointSlice)
    #expect(object == nil)
    #expect(
      findings.map(\.description) == [
        "error invalid-value: `10.0.0.256` is not an IPv4 address (endpoints[0].addresses[0])"
      ])
    #expect(findings.first?.origin.object == "EndpointSlice prod/greeter-x")
  }

  @Test("keeps no annotations but our own, which may be large and change often")
  func annotations() throws {
    let (object, findings) = try decode(
      """
      {"metadata": {"name": "p", "annotations": {"x.dev/last": "{}", "fairlead.dev/weight": "2"}}}
      """, kind: .pod)
    #expect(findings.isEmpty)
    #expect(object?.metadata.annotations == ["fairlead.dev/weight": "2"])
  }

  @Test("of another kind is refused")
  func otherKind() throws {
    let (object, findings) = try decode(
      "{\"apiVersion\": \"v1\", \"kind\": \"Status\"}", kind: .service)
    #expect(object == nil)
    #expect(
      findings.map(\.description) == [
        "error invalid-value: a Service was asked for and `Status` has come (kind)"
      ])
    #expect(try decode("[1]", kind: .service).findings.map(\.code) == [.notAnObject])
    #expect(try decode("{}", kind: .service).object == nil)
    #expect(try decode("{}", kind: .service).findings.hasErrors)
  }

  @Test("that decides nothing is not there, with the reason")
  func passedOver() throws {
    let (object, findings) = try decode(
      """
      {"metadata": {"name": "a"}, "spec": {"type": "ExternalName", "externalName": "b.example"}}
      """, kind: .service)
    #expect(object == nil)
    #expect(findings.map(\.severity) == [.warning])
  }
}
