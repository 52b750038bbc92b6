/// Reads the conditions of one of a VirtualService's `http` rules.
enum HTTPMatchDecoder {
  /// What becomes of calls that are not taken, for findings.
  static func consequence(port: Int?) -> String {
    let calls = port.map { "calls to port \($0)" } ?? "calls"
    return
      "takes no call: \(calls) go where the other rules send them, and fail with NR if none does"
  }

  /// `nil` if every entry is for gateways only: the rule then does not exist for calls inside the
  /// mesh.
  static func match(_ rule: FieldReader) -> Istio.VirtualService.Match? {
    let entries = rule.objects("match")
    guard !entries.isEmpty else { return .everything }
    var match = Istio.VirtualService.Match()
    var isForMesh = false
    for entry in entries where self.isForMesh(entry) {
      isForMesh = true
      let port = entry.port("port")
      if hasUnhonouredCondition(entry, port: port) {
        match.mayTake.insert(port)
      } else {
        match.takes.insert(port)
      }
    }
    return isForMesh ? match : nil
  }

  /// Istio decides this for each proxy, not for each call, and leaves the entry out.
  private static func isForMesh(_ entry: FieldReader) -> Bool {
    let gateways = entry.strings("gateways").map(\.text)
    if gateways.isEmpty || gateways.contains("mesh") { return true }
    entry.reportNotHonoured(
      "gateways",
      note: "without `mesh` this `match` entry is for gateways only, and changes nothing here",
      severity: .info)
    // What it says besides is of no consequence.
    entry.ignoreTheRest()
    return false
  }

  private static func hasUnhonouredCondition(_ entry: FieldReader, port: Int?) -> Bool {
    entry.ignore("name")
    // It only says how `uri` is compared.
    entry.ignore("ignoreUriCase")
    if entry.has("statPrefix") {
      entry.reportNotHonoured("statPrefix", severity: .info)
    }
    var conditions = [
      "scheme", "method", "authority", "headers", "withoutHeaders", "queryParams", "sourceLabels",
      "sourceNamespace",
    ].filter { entry.has($0) }
    if entry.has("uri"), !takesEveryPath(entry) { conditions.insert("uri", at: 0) }
    for key in conditions {
      entry.reportNotHonoured(key, note: "this `match` entry \(consequence(port: port))")
    }
    return !conditions.isEmpty
  }

  /// `uri: {prefix: /}`, which is how Istio's examples write "everything".
  private static func takesEveryPath(_ entry: FieldReader) -> Bool {
    guard let fields = entry.value("uri")?.fields, fields.count == 1, fields[0].key == "prefix",
      case .string("/") = fields[0].value.content
    else { return false }
    return true
  }
}
