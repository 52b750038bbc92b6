/// Reads an Istio ServiceEntry.
enum ServiceEntryDecoder {
  /// `nil` if its endpoints come from nowhere (`resolution: NONE`).
  static func decode(_ object: FieldReader, metadata: ObjectMetadata) -> Istio.ServiceEntry? {
    let balancing = BalancingAnnotations.decode(object, metadata: metadata)
    guard let spec = object.object("spec") else {
      if !object.has("spec") { object.reportMissing("spec") }
      return nil
    }
    // It says how to reach the endpoints (mTLS), not which.
    spec.ignore("location")
    // Virtual IPs: calls are told apart by authority and by listener.
    if !spec.items("addresses").isEmpty {
      spec.reportNotHonoured("addresses", note: "calls find the entry by its hosts")
    }
    spec.notHonoured("exportTo", unlessOnly: "*")
    spec.notHonoured("subjectAltNames", "workloadSelector")
    let hosts = HostDecoder.hosts(spec, "hosts")
    let ports = ports(spec)
    guard let resolution = resolution(spec, target: balancing.target) else {
      spec.ignore("endpoints")
      return nil
    }
    let endpoints = endpoints(
      spec, hosts: hosts, ports: ports, resolution: resolution, target: balancing.target)
    return Istio.ServiceEntry(
      metadata: metadata, hosts: hosts.filter { isPlain($0, spec) }, ports: ports,
      resolution: resolution, endpoints: endpoints, balancing: balancing)
  }

  // MARK: Endpoints

  private static func endpoints(
    _ spec: FieldReader, hosts: [Istio.Host], ports: [Istio.ServiceEntry.Port],
    resolution: Istio.ServiceEntry.Resolution, target: String?
  ) -> [Istio.ServiceEntry.Endpoint] {
    let names = Set(ports.map(\.name))
    let endpoints = spec.objects("endpoints").compactMap {
      ServiceEntryEndpointDecoder.endpoint($0, portNames: names, resolution: resolution)
    }
    guard target == nil else {
      if !spec.items("endpoints").isEmpty {
        spec.reportNotHonoured(
          "endpoints",
          note: "the annotation \(quoted(BalancingAnnotations.targetName)) names the endpoints")
      }
      return []
    }
    guard spec.items("endpoints").isEmpty else { return endpoints }
    switch resolution {
    case .static:
      if !spec.has("workloadSelector") {
        spec.report(
          .error, .missingField, "`endpoints` is missing; `resolution: STATIC` needs it",
          at: "endpoints")
      }
    case .dns:
      for host in hosts where host.text.hasPrefix("*") {
        spec.context.report(
          .error, .missingField,
          "the wildcard host \(quoted(host.text)) cannot be resolved; `resolution: DNS` needs "
            + "`endpoints` for it", at: host.origin)
      }
    }
    return []
  }

  private static func isPlain(_ host: Istio.Host, _ spec: FieldReader) -> Bool {
    guard host.text.hasPrefix("*") else { return true }
    spec.context.report(
      .warning, .notHonoured,
      "the wildcard host \(quoted(host.text)) is not honoured in a ServiceEntry; name each host",
      at: host.origin)
    return false
  }

  /// `nil` if the entry is passed over, after a finding.
  private static func resolution(
    _ spec: FieldReader, target: String?
  ) -> Istio.ServiceEntry.Resolution? {
    let resolution = spec.string("resolution") ?? "NONE"
    switch resolution {
    case "STATIC":
      return .static
    case "DNS":
      return .dns
    case "DNS_ROUND_ROBIN":
      spec.report(
        .info, .notHonoured,
        "`resolution: DNS_ROUND_ROBIN` is taken for `DNS`: calls go to every address, not to the "
          + "first of each answer", at: "resolution")
      return .dns
    case "NONE":
      guard target == nil else { return .static }
      spec.report(
        .warning, .notHonoured,
        "`resolution: NONE` is not honoured and the entry is passed over; use `STATIC` and write "
          + "the endpoints out, or `DNS`", at: "resolution")
    case "DYNAMIC_DNS":
      spec.reportNotHonoured("resolution", note: "the entry is passed over")
    default:
      spec.report(
        .error, .invalidValue,
        "\(quoted(resolution)) is not a resolution; it must be `STATIC` or `DNS`",
        at: "resolution")
    }
    return nil
  }

  private static func ports(_ spec: FieldReader) -> [Istio.ServiceEntry.Port] {
    if spec.items("ports").isEmpty {
      spec.reportMissing("ports")
    }
    var names = Set<String>()
    var numbers = Set<Int>()
    return spec.objects("ports").compactMap { reader in
      let name = reader.requiredString("name")
      let number = reader.requiredPort("number")
      let protocolName = reader.string("protocol")
      let target = reader.port("targetPort")
      guard let name, let number else { return nil }
      if !names.insert(name).inserted {
        reader.report(
          .error, .invalidValue, "two ports have the name \(quoted(name))", at: "name")
      }
      if !numbers.insert(number).inserted {
        reader.report(.error, .invalidValue, "port \(number) is there twice", at: "number")
      }
      return Istio.ServiceEntry.Port(
        number: number, name: name, protocolName: protocolName, targetPort: target,
        origin: reader.origin("number"))
    }
  }
}
