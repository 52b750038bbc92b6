import FairleadManifests
import Foundation
import Testing

@testable import FairleadKubernetes

/// Objects as an API server sends them, in JSON.
enum Objects {
  struct NoObject: Error {}

  /// What the reflector makes of one.
  static func watched(_ json: [String: Any], _ kind: ManifestKind) throws -> WatchedObject {
    let bytes = [UInt8](try JSONSerialization.data(withJSONObject: json))
    let scope = ResourceScope(kind, isMetadataOnly: kind == .pod)
    guard let object = WatchedObject(try ManifestNode(json: bytes), scope: scope) else {
      throw NoObject()
    }
    return object
  }

  static func metadata(
    _ name: String, labels: [String: String] = [:], annotations: [String: String] = [:],
    namespace: String = "default", revision: String = "1"
  ) -> [String: Any] {
    [
      "name": name, "namespace": namespace, "resourceVersion": revision, "labels": labels,
      "annotations": annotations,
    ]
  }

  /// - Parameter ports: names with numbers; an empty name is none.
  static func service(
    _ name: String = "greeter", ports: KeyValuePairs<String, Int> = ["": 80],
    isHeadless: Bool = false, namespace: String = "default", revision: String = "1"
  ) -> [String: Any] {
    var spec: [String: Any] = [
      "selector": ["app": name],
      "ports": ports.map { port in
        ["port": port.value, "protocol": "TCP"].merging(
          port.key.isEmpty ? [:] : ["name": port.key]
        ) { $1 } as [String: Any]
      },
    ]
    if isHeadless { spec["clusterIP"] = "None" }
    return ["metadata": metadata(name, namespace: namespace, revision: revision), "spec": spec]
  }

  /// - Parameters:
  ///   - endpoints: as ``endpoint(_:ready:serving:terminating:pod:zone:forZones:forNodes:)`` makes them; `nil` is
  ///     what the API server sends for none.
  ///   - ports: names with numbers; an empty name is none.
  static func slice(
    _ name: String, of service: String = "greeter", _ endpoints: [[String: Any]]?,
    ports: KeyValuePairs<String, Int> = ["": 8080], type: String = "IPv4",
    namespace: String = "default", revision: String = "1"
  ) -> [String: Any] {
    [
      "metadata": metadata(
        name, labels: ["kubernetes.io/service-name": service], namespace: namespace,
        revision: revision),
      "addressType": type,
      "endpoints": endpoints.map { $0 as Any } ?? NSNull(),
      "ports": ports.map {
        ["name": $0.key, "port": $0.value, "protocol": "TCP"] as [String: Any]
      },
    ]
  }

  static func endpoint(
    _ address: String, ready: Bool? = nil, serving: Bool? = nil, terminating: Bool? = nil,
    pod: String? = nil, zone: String? = nil, forZones: [String] = [], forNodes: [String] = []
  ) -> [String: Any] {
    var conditions: [String: Any] = [:]
    conditions["ready"] = ready
    conditions["serving"] = serving
    conditions["terminating"] = terminating
    var endpoint: [String: Any] = ["addresses": [address], "conditions": conditions]
    endpoint["zone"] = zone
    endpoint["targetRef"] = pod.map { ["kind": "Pod", "name": $0] }
    if !forZones.isEmpty || !forNodes.isEmpty {
      endpoint["hints"] = [
        "forZones": forZones.map { ["name": $0] }, "forNodes": forNodes.map { ["name": $0] },
      ]
    }
    return endpoint
  }

  static func pod(
    _ name: String, labels: [String: String] = [:], weight: Int? = nil, revision: String = "1"
  ) -> [String: Any] {
    let annotations = weight.map { ["fairlead.dev/weight": String($0)] } ?? [:]
    return [
      "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
      "metadata": metadata(name, labels: labels, annotations: annotations, revision: revision),
    ]
  }

  /// - Parameter weights: of the subsets `v1` and `v2`.
  static func virtualService(
    _ name: String, weights: (Int, Int) = (90, 10), namespace: String = "default",
    revision: String = "1"
  ) -> [String: Any] {
    let route = [("v1", weights.0), ("v2", weights.1)].map { subset, weight in
      ["destination": ["host": "greeter", "subset": subset], "weight": weight] as [String: Any]
    }
    return [
      "metadata": metadata(name, namespace: namespace, revision: revision),
      "spec": ["hosts": ["greeter"], "http": [["route": route]]],
    ]
  }
}
