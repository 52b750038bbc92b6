import FairleadBalancing
import Yams

/// Reads endpoints out of YAML, and collects all that is wrong with them.
struct EndpointFileDecoder {
  private(set) var problems: [String] = []

  mutating func decode(_ root: Node?) -> [ResolvedEndpoint] {
    guard let root else {
      problems.append("it is empty; write [] if there are no endpoints")
      return []
    }
    var list = root
    if case .mapping(let mapping) = root {
      check(mapping, allowed: ["endpoints"])
      guard let inner = mapping["endpoints"] else {
        problems.append("it has no list `endpoints`")
        return []
      }
      list = inner
    }
    guard case .sequence(let items) = list else {
      refuse(list, "a list of endpoints is expected")
      return []
    }
    return items.compactMap { decodeEndpoint($0) }
  }

  private mutating func decodeEndpoint(_ node: Node) -> ResolvedEndpoint? {
    guard case .mapping(let fields) = node else {
      guard let address = decodeAddress(node, at: node) else { return nil }
      return ResolvedEndpoint(Endpoint(address: address))
    }
    check(
      fields,
      allowed: ["address", "name", "weight", "region", "zone", "subzone", "labels", "readiness"])
    guard let address = decodeAddress(fields["address"], at: node) else { return nil }
    let locality = Locality(
      region: text(fields, "region") ?? "", zone: text(fields, "zone") ?? "",
      subzone: text(fields, "subzone") ?? "")
    let endpoint = Endpoint(
      address: address, name: text(fields, "name"), weight: weight(fields),
      locality: locality == Locality() ? nil : locality, labels: labels(fields))
    return ResolvedEndpoint(endpoint, readiness: readiness(fields))
  }

  private mutating func decodeAddress(_ node: Node?, at place: Node) -> EndpointAddress? {
    let text = node?.scalar?.string ?? ""
    if text.hasPrefix("unix:"), text.utf8.count > 5 {
      return .unix(path: String(text.dropFirst(5)))
    }
    guard let address = HostAndPort(text), let port = address.port,
      IPFamily(of: address.host) != nil
    else {
      refuse(place, "`address` has to be IP:PORT or unix:PATH")
      return nil
    }
    return .ip(host: address.host, port: port)
  }

  private mutating func weight(_ fields: Node.Mapping) -> Int {
    guard let node = fields["weight"] else { return 1 }
    guard let weight = node.int, (1...1_000_000).contains(weight) else {
      refuse(node, "`weight` has to be a number from 1 to 1000000")
      return 1
    }
    return weight
  }

  private mutating func readiness(_ fields: Node.Mapping) -> Readiness {
    guard let node = fields["readiness"] else { return .ready }
    guard let readiness = node.scalar.flatMap({ Readiness(rawValue: $0.string) }) else {
      let names = Readiness.allCases.map(\.rawValue).joined(separator: ", ")
      refuse(node, "`readiness` has to be one of \(names)")
      return .ready
    }
    return readiness
  }

  private mutating func labels(_ fields: Node.Mapping) -> [String: String] {
    guard let node = fields["labels"] else { return [:] }
    guard case .mapping(let mapping) = node else {
      refuse(node, "`labels` has to be a map of texts")
      return [:]
    }
    var labels: [String: String] = [:]
    for (key, value) in mapping {
      guard let key = key.scalar?.string, let value = value.scalar?.string else {
        refuse(value, "a label has to be a text")
        continue
      }
      labels[key] = value
    }
    return labels
  }

  private mutating func text(_ fields: Node.Mapping, _ name: String) -> String? {
    guard let node = fields[name] else { return nil }
    guard let text = node.scalar?.string, !text.isEmpty else {
      refuse(node, "`\(name)` has to be a text")
      return nil
    }
    return text
  }

  private mutating func check(_ mapping: Node.Mapping, allowed: Set<String>) {
    for (key, _) in mapping where !allowed.contains(key.scalar?.string ?? "") {
      refuse(key, "there is no field `\(key.scalar?.string ?? "?")`")
    }
  }

  private mutating func refuse(_ node: Node, _ message: String) {
    problems.append("line \(node.mark?.line ?? 1): \(message)")
  }
}
