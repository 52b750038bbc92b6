/// Reads a `discovery.k8s.io/v1` EndpointSlice.
enum EndpointSliceDecoder {
  static let serviceNameLabel = "kubernetes.io/service-name"

  static func decode(
    _ object: FieldReader, metadata: ObjectMetadata
  ) -> Kubernetes.EndpointSlice? {
    let endpointsReaders = object.objects("endpoints")
    let ports = ports(object)
    let serviceName = metadata.labels[serviceNameLabel]
    if serviceName == nil {
      object.report(
        .info, .neverMatches,
        "without the label \(quoted(serviceNameLabel)) these endpoints belong to no Service",
        at: "metadata")
    }
    guard let type = addressType(object) else {
      for reader in endpointsReaders { reader.ignoreTheRest() }
      return nil
    }
    if type == .fqdn {
      object.reportNotHonoured("addressType", note: "use `IPv4` or `IPv6`")
    }
    return Kubernetes.EndpointSlice(
      metadata: metadata, serviceName: serviceName, addressType: type,
      endpoints: endpointsReaders.compactMap { endpoint($0, type: type) }, ports: ports)
  }

  private static func addressType(
    _ object: FieldReader
  ) -> Kubernetes.EndpointSlice.AddressType? {
    guard let text = object.requiredString("addressType") else { return nil }
    guard let type = Kubernetes.EndpointSlice.AddressType(rawValue: text) else {
      object.report(
        .error, .invalidValue,
        "\(quoted(text)) is not an address type; it must be `IPv4`, `IPv6` or `FQDN`",
        at: "addressType")
      return nil
    }
    return type
  }

  private static func endpoint(
    _ reader: FieldReader, type: Kubernetes.EndpointSlice.AddressType
  ) -> Kubernetes.EndpointSlice.Endpoint? {
    reader.ignore("hostname", "nodeName", "deprecatedTopology")
    let conditions = conditions(reader)
    let zone = reader.string("zone")
    let podName = podName(reader)
    let addresses = reader.strings("addresses")
    guard let first = addresses.first else {
      if reader.items("addresses").isEmpty { reader.reportMissing("addresses") }
      return nil
    }
    for address in addresses where !isValid(address.text, for: type) {
      reader.context.report(
        .error, .invalidValue, "\(quoted(address.text)) is not an \(type.rawValue) address",
        at: address.origin)
    }
    return Kubernetes.EndpointSlice.Endpoint(
      address: first.text, conditions: conditions, podName: podName, zone: zone,
      hints: hints(reader))
  }

  private static func hints(_ reader: FieldReader) -> Kubernetes.EndpointSlice.Hints {
    guard let hints = reader.object("hints") else { return Kubernetes.EndpointSlice.Hints() }
    return Kubernetes.EndpointSlice.Hints(
      nodes: hints.objects("forNodes").compactMap { $0.requiredString("name") },
      zones: hints.objects("forZones").compactMap { $0.requiredString("name") })
  }

  private static func isValid(
    _ address: String, for type: Kubernetes.EndpointSlice.AddressType
  ) -> Bool {
    switch type {
    case .ipv4: IPLiteral.family(of: address) == .v4
    case .ipv6: IPLiteral.family(of: address) == .v6
    case .fqdn: true
    }
  }

  private static func conditions(_ reader: FieldReader) -> Kubernetes.EndpointSlice.Conditions {
    guard let conditions = reader.object("conditions") else {
      return Kubernetes.EndpointSlice.Conditions()
    }
    return Kubernetes.EndpointSlice.Conditions(
      isReady: conditions.bool("ready"), isServing: conditions.bool("serving"),
      isTerminating: conditions.bool("terminating"))
  }

  private static func podName(_ reader: FieldReader) -> String? {
    guard let target = reader.object("targetRef") else { return nil }
    target.ignoreTheRest()
    return target.string("kind") == "Pod" ? target.string("name") : nil
  }

  private static func ports(_ object: FieldReader) -> [Kubernetes.EndpointSlice.Port] {
    object.objects("ports").compactMap { reader in
      reader.ignore("appProtocol")
      let name = reader.string("name")
      let port = reader.port("port")
      guard (reader.string("protocol") ?? "TCP") == "TCP" else { return nil }
      return Kubernetes.EndpointSlice.Port(name: name, port: port)
    }
  }
}
