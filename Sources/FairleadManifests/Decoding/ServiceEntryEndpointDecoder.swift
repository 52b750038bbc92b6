import FairleadBalancing

/// Reads one of a ServiceEntry's `endpoints` (Istio's `WorkloadEntry`).
enum ServiceEntryEndpointDecoder {
  static func endpoint(
    _ reader: FieldReader, portNames: Set<String>, resolution: Istio.ServiceEntry.Resolution
  ) -> Istio.ServiceEntry.Endpoint? {
    reader.ignore("serviceAccount")
    reader.notHonoured("network")
    let ports = ports(reader, portNames: portNames)
    let labels = reader.stringMap("labels")
    // Istio reads 0 as "not set".
    let weight = reader.int("weight", in: 0...Int(Int32.max)) ?? 0
    let locality = locality(reader)
    guard let text = reader.requiredString("address"),
      let address = address(text, reader, resolution)
    else { return nil }
    return Istio.ServiceEntry.Endpoint(
      address: address, ports: ports, labels: labels, weight: max(1, weight), locality: locality)
  }

  private static func address(
    _ text: String, _ reader: FieldReader, _ resolution: Istio.ServiceEntry.Resolution
  ) -> Istio.ServiceEntry.Address? {
    if IPLiteral.family(of: text) != nil { return .ip(text) }
    switch resolution {
    case .static: return staticAddress(text, reader)
    case .dns:
      if Names.isSubdomain(text.lowercased()) { return .name(text.lowercased()) }
      reader.report(
        .error, .invalidValue,
        "\(quoted(text)) is neither a host name nor an IP address, as `resolution: DNS` needs",
        at: "address")
      return nil
    }
  }

  private static func staticAddress(
    _ text: String, _ reader: FieldReader
  ) -> Istio.ServiceEntry.Address? {
    if text.hasPrefix("unix://") {
      let path = String(text.dropFirst(7))
      // `sun_path` holds 108 bytes on Linux and 104 on macOS, one of them for the end.
      guard path.hasPrefix("/"), path.utf8.count < 104, !path.utf8.contains(0) else {
        reader.report(
          .error, .invalidValue,
          "\(quoted(text)) must be `unix://` and an absolute path of at most 103 bytes",
          at: "address")
        return nil
      }
      return .unix(path: path)
    }
    reader.report(
      .error, .invalidValue, "\(quoted(text)) is not an IP address, as `resolution: STATIC` needs",
      at: "address")
    return nil
  }

  private static func ports(_ reader: FieldReader, portNames: Set<String>) -> [String: Int] {
    guard let ports = reader.object("ports") else { return [:] }
    var result: [String: Int] = [:]
    for name in ports.keys {
      if let number = ports.port(name) { result[name] = number }
      if !portNames.contains(name) {
        ports.report(
          .error, .invalidValue, "the entry has no port with the name \(quoted(name))", at: name)
      }
    }
    return result
  }

  /// `region/zone/subzone`, from the left as far as it goes.
  private static func locality(_ reader: FieldReader) -> Locality? {
    guard let text = reader.string("locality"), !text.isEmpty else { return nil }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 3, parts.allSatisfy({ !$0.isEmpty }) else {
      reader.report(
        .error, .invalidValue, "\(quoted(text)) must be `region/zone/subzone`", at: "locality")
      return nil
    }
    return Locality(
      region: parts[0], zone: parts.count > 1 ? parts[1] : "",
      subzone: parts.count > 2 ? parts[2] : "")
  }
}
