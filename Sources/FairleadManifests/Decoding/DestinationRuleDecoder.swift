/// Reads an Istio DestinationRule.
enum DestinationRuleDecoder {
  static func decode(_ object: FieldReader, metadata: ObjectMetadata) -> Istio.DestinationRule? {
    guard let spec = object.object("spec") else {
      if !object.has("spec") { object.reportMissing("spec") }
      return nil
    }
    spec.notHonoured("exportTo", unlessOnly: "*")
    spec.notHonoured("workloadSelector")
    let policy = spec.object("trafficPolicy").map(trafficPolicy)
    let subsets = subsets(spec)
    guard let host = HostDecoder.host(spec, "host") else { return nil }
    return Istio.DestinationRule(
      metadata: metadata, host: host, trafficPolicy: policy, subsets: subsets)
  }

  private static func subsets(_ spec: FieldReader) -> [Istio.DestinationRule.Subset] {
    spec.objects("subsets").compactMap { reader in
      let labels = reader.stringMap("labels")
      let policy = reader.object("trafficPolicy").map(trafficPolicy)
      guard let name = reader.requiredString("name") else { return nil }
      if !Names.isLabel(name.lowercased()) {
        reader.report(
          .error, .invalidValue,
          "\(quoted(name)) is not a valid name for a subset: use letters, digits and `-`",
          at: "name")
      }
      return Istio.DestinationRule.Subset(
        name: name, labels: labels, trafficPolicy: policy, origin: reader.origin("name"))
    }
  }

  private static func trafficPolicy(_ reader: FieldReader) -> Istio.DestinationRule.TrafficPolicy {
    reader.notHonoured("tunnel", "proxyProtocol", "retryBudget")
    let loadBalancer = blocks(reader)
    var portLevel: [Int: Istio.DestinationRule.PortLevel] = [:]
    for entry in reader.objects("portLevelSettings") {
      let loadBalancer = blocks(entry)
      guard let port = entry.object("port") else {
        if !entry.has("port") { entry.reportMissing("port") }
        continue
      }
      guard let number = port.requiredPort("number") else { continue }
      if portLevel[number] != nil {
        port.report(
          .error, .invalidValue, "port \(number) has settings twice", at: "number")
      }
      portLevel[number] = Istio.DestinationRule.PortLevel(
        loadBalancer: loadBalancer, origin: port.origin("number"))
    }
    return Istio.DestinationRule.TrafficPolicy(loadBalancer: loadBalancer, portLevel: portLevel)
  }

  /// The four blocks that a policy and its port-level entries have in common.
  private static func blocks(_ reader: FieldReader) -> Istio.DestinationRule.LoadBalancer? {
    reader.notHonoured("connectionPool", "outlierDetection", "tls")
    return reader.object("loadBalancer").map(loadBalancer)
  }

  private static func loadBalancer(_ reader: FieldReader) -> Istio.DestinationRule.LoadBalancer {
    reader.notHonoured("consistentHash", "localityLbSetting", "warmup", "warmupDurationSecs")
    guard let simple = reader.string("simple") else { return .unspecified }
    switch simple {
    case "UNSPECIFIED": return .unspecified
    case "ROUND_ROBIN": return .roundRobin
    case "LEAST_REQUEST", "LEAST_CONN": return .leastRequest
    case "RANDOM": return .random
    case "PASSTHROUGH":
      reader.reportNotHonoured("simple", note: "calls are spread by the default, round robin")
      return .unspecified
    default:
      reader.report(
        .error, .invalidValue,
        "\(quoted(simple)) is not a load balancer; it must be `ROUND_ROBIN`, `LEAST_REQUEST` or "
          + "`RANDOM`", at: "simple")
      return .unspecified
    }
  }
}
