/// Reads one of a VirtualService's `http` rules.
enum HTTPRuleDecoder {
  /// `nil` if it is wrong, or for gateways only. A rule that does something else than route is
  /// there, but takes no call.
  static func rule(_ reader: FieldReader, index: Int) -> Istio.VirtualService.HTTPRule? {
    reader.notHonoured(
      "timeout", "retries", "fault", "mirror", "mirrors", "mirrorPercentage", "mirrorPercent",
      "mirror_percent", "headers", "rewrite", "corsPolicy", "websocketUpgrade")
    let name = reader.string("name")
    let match = HTTPMatchDecoder.match(reader)
    let instead = ["redirect", "directResponse", "delegate"].filter { reader.has($0) }
    for key in instead {
      reader.reportNotHonoured(key, note: "the rule \(HTTPMatchDecoder.consequence(port: nil))")
    }
    let destinations = reader.objects("route").compactMap(destination)
    guard instead.isEmpty else {
      return match.map {
        Istio.VirtualService.HTTPRule(
          index: index, name: name, match: .init(mayTake: $0.takes.union($0.mayTake)), route: [],
          origin: reader.origin)
      }
    }
    guard !reader.items("route").isEmpty else {
      reader.report(.error, .missingField, "`route` is missing or empty", at: "route")
      return nil
    }
    checkWeights(destinations, reader)
    return match.map {
      Istio.VirtualService.HTTPRule(
        index: index, name: name, match: $0, route: destinations, origin: reader.origin)
    }
  }

  // MARK: Destinations

  private static func destination(
    _ reader: FieldReader
  ) -> Istio.VirtualService.Destination? {
    reader.notHonoured("headers")
    let weight = reader.int("weight", in: 0...Int(Int32.max)) ?? 0
    guard let target = reader.object("destination") else {
      if !reader.has("destination") { reader.reportMissing("destination") }
      return nil
    }
    let host = HostDecoder.host(target, "host")
    let subset = target.string("subset").flatMap { $0.isEmpty ? nil : $0 }
    let port = target.object("port")?.requiredPort("number")
    guard let host else { return nil }
    if host.text.hasPrefix("*") {
      target.report(.error, .invalidValue, "a destination's host may not be a wildcard", at: "host")
      return nil
    }
    return Istio.VirtualService.Destination(
      host: host, subset: subset, port: port, weight: weight,
      origin: target.origin(subset == nil ? "host" : "subset"))
  }

  /// A lone destination gets everything whatever its weight; several need a sum above 0 (Istio's
  /// validation).
  private static func checkWeights(
    _ destinations: [Istio.VirtualService.Destination], _ reader: FieldReader
  ) {
    guard destinations.count > 1, destinations.allSatisfy({ $0.weight == 0 }) else { return }
    reader.report(.error, .invalidValue, "total destination weight = 0", at: "route")
  }
}
