import FairleadBalancing
import FairleadDiscovery
import Foundation

/// The key of an endpoint and its value, as they are written to etcd.
struct EtcdRecord: Sendable, Hashable {
  let key: String
  let value: String

  private struct Naming: Encodable {
    let address: String
    let metadata: Metadata?

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(0, forKey: .operation)
      try container.encode(address, forKey: .address)
      // Readers in Go expect the field, null if there is nothing.
      try container.encode(metadata, forKey: .metadata)
    }

    enum CodingKeys: String, CodingKey {
      case operation = "Op"
      case address = "Addr"
      case metadata = "Metadata"
    }
  }

  private struct Metadata: Encodable, Equatable {
    var name: String?
    var weight: Int?
    var region: String?
    var zone: String?
    var subzone: String?
    var labels: [String: String]?

    init(_ endpoint: Endpoint) {
      func some(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }
      name = endpoint.name == endpoint.address.description ? nil : endpoint.name
      weight = endpoint.weight == 1 ? nil : endpoint.weight
      region = some(endpoint.locality?.region)
      zone = some(endpoint.locality?.zone)
      subzone = some(endpoint.locality?.subzone)
      labels = endpoint.labels.isEmpty ? nil : endpoint.labels
    }

    var isEmpty: Bool {
      name == nil && weight == nil && region == nil && zone == nil && subzone == nil
        && labels == nil
    }
  }

  /// - Throws: one sentence if others could not reach the endpoint by its address.
  init(
    _ endpoint: Endpoint, under prefix: String, layout: EtcdRegistrationOptions.Layout
  ) throws(ResolutionFailure) {
    guard case .ip(let host, let port) = endpoint.address, IPFamily(of: host) != nil,
      (1...65535).contains(port)
    else {
      throw ResolutionFailure(
        .malformed,
        "\(endpoint.address) cannot be registered in etcd: clients need an IP address and a port.")
    }
    guard host != "0.0.0.0", host != "::" else {
      throw ResolutionFailure(
        .malformed,
        "\(endpoint.address) cannot be registered in etcd: it stands for every address of this "
          + "machine; name the one that clients reach.")
    }
    key = prefix + endpoint.address.description
    switch layout {
    case .address: value = endpoint.address.description
    case .naming: value = try Self.naming(endpoint)
    }
  }

  private static func naming(_ endpoint: Endpoint) throws(ResolutionFailure) -> String {
    let metadata = Metadata(endpoint)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      let data = try encoder.encode(
        Naming(
          address: endpoint.address.description, metadata: metadata.isEmpty ? nil : metadata))
      return String(decoding: data, as: UTF8.self)
    } catch {
      throw ResolutionFailure(.malformed, "\(endpoint) cannot be written as JSON: \(error).")
    }
  }
}
