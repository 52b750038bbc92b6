/// Reads an Istio VirtualService.
enum VirtualServiceDecoder {
  /// `nil` if it is not for calls inside the mesh.
  static func decode(_ object: FieldReader, metadata: ObjectMetadata) -> Istio.VirtualService? {
    guard let spec = object.object("spec") else {
      if !object.has("spec") { object.reportMissing("spec") }
      return nil
    }
    spec.notHonoured("tcp", "tls")
    spec.notHonoured("exportTo", unlessOnly: "*")
    let hosts = HostDecoder.hosts(spec, "hosts")
    let rules = spec.objects("http").enumerated().compactMap { index, reader in
      HTTPRuleDecoder.rule(reader, index: index)
    }
    if !spec.has("http"), !spec.has("tcp"), !spec.has("tls") {
      spec.reportMissing("http")
    }
    guard isForMesh(spec) else { return nil }
    return Istio.VirtualService(metadata: metadata, hosts: hosts, http: rules)
  }

  /// Without `gateways` the rules are for calls inside the mesh; with them, only if `mesh` is one.
  private static func isForMesh(_ spec: FieldReader) -> Bool {
    let gateways = spec.strings("gateways").map(\.text)
    guard gateways.contains(where: { $0 != "mesh" }) else { return true }
    if gateways.contains("mesh") {
      spec.reportNotHonoured("gateways", note: "only `mesh` is")
      return true
    }
    spec.reportNotHonoured(
      "gateways",
      note: "without `mesh` the object is for gateways only, and changes nothing here",
      severity: .info)
    return false
  }
}
