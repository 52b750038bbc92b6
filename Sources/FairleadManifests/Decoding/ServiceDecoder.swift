/// Reads a `v1` Service.
enum ServiceDecoder {
  /// `nil` if it stands for no endpoints of its own (`ExternalName`).
  static func decode(_ object: FieldReader, metadata: ObjectMetadata) -> Kubernetes.Service? {
    let balancing = BalancingAnnotations.decode(object, metadata: metadata)
    guard let spec = object.object("spec") else {
      if !object.has("spec") { object.reportMissing("spec") }
      return nil
    }
    spec.ignore(
      "clusterIPs", "ipFamilies", "ipFamilyPolicy", "ipFamily", "allocateLoadBalancerNodePorts",
      "healthCheckNodePort", "loadBalancerClass", "loadBalancerIP")
    if !spec.items("loadBalancerSourceRanges").isEmpty {
      spec.reportNotHonoured("loadBalancerSourceRanges", note: "callers are not told apart")
    }
    if !spec.items("externalIPs").isEmpty {
      spec.reportNotHonoured(
        "externalIPs", note: "calls find the Service by its names", severity: .info)
    }
    spec.notHonoured("sessionAffinity", unless: "None")
    spec.notHonoured("externalTrafficPolicy", unless: "Cluster")
    spec.notHonoured("internalTrafficPolicy", unless: "Cluster")
    spec.notHonoured("sessionAffinityConfig", "topologyKeys")
    // The control plane turns it into hints of EndpointSlices.
    spec.ignore("trafficDistribution")
    let selector = spec.stringMap("selector")
    if !selector.isEmpty, balancing.target != nil {
      spec.reportNotHonoured(
        "selector",
        note: "the annotation \(quoted(BalancingAnnotations.targetName)) names the endpoints")
    }
    let isHeadless = spec.string("clusterIP") == "None"
    let publishes = spec.bool("publishNotReadyAddresses") ?? false
    if spec.string("type") == "ExternalName" {
      spec.ignore("ports", "externalName")
      spec.reportNotHonoured("type", note: "a Service of type `ExternalName` is passed over")
      return nil
    }
    spec.notHonoured("externalName")
    return Kubernetes.Service(
      metadata: metadata, selector: selector, ports: ports(spec, isHeadless: isHeadless),
      isHeadless: isHeadless,
      publishesNotReadyAddresses: publishes, balancing: balancing)
  }

  private static func ports(
    _ spec: FieldReader, isHeadless: Bool
  ) -> [Kubernetes.Service.Port] {
    let readers = spec.objects("ports")
    if spec.items("ports").isEmpty, !isHeadless {
      spec.reportMissing("ports")
    }
    var names = Set<String>()
    var numbers = Set<Int>()
    return readers.compactMap { reader in
      reader.ignore("nodePort")
      let name = portName(reader, isAlone: readers.count == 1, taken: &names)
      let number = reader.requiredPort("port")
      let target = targetPort(reader)
      let appProtocol = reader.string("appProtocol")
      let transport = reader.string("protocol") ?? "TCP"
      guard let number else { return nil }
      guard transport == "TCP" else {
        reportTransport(transport, port: number, reader)
        return nil
      }
      guard numbers.insert(number).inserted else {
        reader.report(.error, .invalidValue, "port \(number) is there twice", at: "port")
        return nil
      }
      return Kubernetes.Service.Port(
        name: name, port: number, targetPort: target, appProtocol: appProtocol,
        origin: reader.origin("port"))
    }
  }

  private static func portName(
    _ reader: FieldReader, isAlone: Bool, taken: inout Set<String>
  ) -> String? {
    guard let name = reader.string("name"), !name.isEmpty else {
      if !isAlone {
        reader.report(
          .error, .missingField, "each port needs a name where there are several", at: "name")
      }
      return nil
    }
    if !Names.isLabel(name) {
      reader.report(
        .error, .invalidValue, "\(quoted(name)) is not a valid name for a port", at: "name")
    } else if !taken.insert(name).inserted {
      reader.report(
        .error, .invalidValue, "two ports have the name \(quoted(name))", at: "name")
    }
    return name
  }

  private static func targetPort(_ reader: FieldReader) -> Kubernetes.Service.TargetPort? {
    guard let value = reader.value("targetPort") else { return nil }
    switch value.content {
    case .int(0):
      // The API server's own JSON has 0 for "not set".
      return nil
    case .int:
      return reader.port("targetPort").map(Kubernetes.Service.TargetPort.number)
    case .string(let name) where Names.isPortName(name):
      return .name(name)
    case .string(let name):
      reader.report(
        .error, .invalidValue,
        "\(quoted(name)) is neither a port number nor a valid name of a container port",
        at: "targetPort")
    case .null, .bool, .float, .sequence, .mapping:
      reader.reportWrongType("targetPort", value, wanted: "a port number or a port's name")
    }
    return nil
  }

  private static func reportTransport(_ transport: String, port: Int, _ reader: FieldReader) {
    if transport == "UDP" || transport == "SCTP" {
      reader.reportNotHonoured("protocol", note: "port \(port) is passed over, as only `TCP` is")
    } else {
      reader.report(
        .error, .invalidValue,
        "\(quoted(transport)) is not a protocol; it must be `TCP`, `UDP` or `SCTP`",
        at: "protocol")
    }
  }
}
