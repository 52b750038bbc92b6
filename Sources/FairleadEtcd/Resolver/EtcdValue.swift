import FairleadBalancing
import FairleadDiscovery
import Foundation

/// What the value of a key says. Two layouts are read: the bare address, `10.0.0.1:8080`, and the JSON
/// that etcd's own naming package writes, `{"Op":0,"Addr":"10.0.0.1:8080","Metadata":…}`.
///
/// An address is an IP literal and a port. Host names are refused: a name that has several addresses,
/// or others tomorrow, would need a resolver of its own behind every key.
struct EtcdValue: Sendable, Hashable {
  /// `nil` if the value says that there is none: an `Op` of 1.
  let endpoint: ResolvedEndpoint?
  /// What could not be used of a value that could, in words.
  let remark: String?

  /// Why a value cannot be used, in words that follow its key's name.
  struct Problem: Error, Sendable, Hashable {
    let reason: String
  }

  /// What a value may hold, in bytes.
  static let sizeLimit = 64 << 10

  private struct Layout: Sendable, Decodable {
    var fields: [String: EtcdJSON]

    init(from decoder: any Decoder) throws {
      fields = try decoder.singleValueContainer().decode([String: EtcdJSON].self)
    }
  }

  init(_ data: Data) throws(Problem) {
    guard data.count <= Self.sizeLimit else {
      throw Problem(reason: "has more than \(Self.sizeLimit) bytes")
    }
    guard let whole = String(bytes: data, encoding: .utf8) else {
      throw Problem(reason: "is no text")
    }
    let text = whole.trimmingCharacters(in: .whitespacesAndNewlines)
    guard text.hasPrefix("{") else {
      endpoint = ResolvedEndpoint(Endpoint(address: try Self.address(text)))
      remark = nil
      return
    }
    guard let layout = try? JSONDecoder().decode(Layout.self, from: data) else {
      throw Problem(reason: "begins like JSON and is none")
    }
    let operation = layout.fields.field("Op") ?? .number(0)
    guard operation == .number(0) || operation == .number(1) || operation == .null else {
      throw Problem(reason: "has an Op that is neither 0 nor 1")
    }
    guard operation != .number(1) else {
      endpoint = nil
      remark = nil
      return
    }
    guard case .text(let address) = layout.fields.field("Addr") else {
      throw Problem(reason: "is JSON without a text Addr")
    }
    let metadata = EtcdMetadata(layout.fields.field("Metadata"))
    endpoint = ResolvedEndpoint(
      Endpoint(
        address: try Self.address(address), name: metadata.name, weight: metadata.weight,
        locality: metadata.locality, labels: metadata.labels),
      readiness: metadata.weight == 0 ? .draining : .ready)
    remark = metadata.remark
  }

  private static func address(_ text: String) throws(Problem) -> EndpointAddress {
    guard let address = HostAndPort(text), let port = address.port else {
      throw Problem(reason: "holds no address; write IP:PORT, or JSON with it in Addr")
    }
    guard IPFamily(of: address.host) != nil else {
      throw Problem(reason: "has the host name \(address.host); register the IP address")
    }
    return .ip(host: address.host, port: port)
  }
}
