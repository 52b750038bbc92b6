import FairleadBalancing
import FairleadDiscovery

/// Puts resolutions into words.
struct ResolutionPrinter: Sendable {
  let target: String
  let isJSON: Bool

  /// A resolution as a table, or as JSON.
  func text(_ resolution: Resolution, at now: ContinuousClock.Instant) throws -> String {
    let age = resolution.age(at: now)
    if isJSON {
      return try JSONText.encode(
        ResolutionReport(target: target, resolution: resolution, age: age, time: nil))
    }
    guard !resolution.endpoints.isEmpty else { return "\(target) has no endpoints." }
    var table = TextTable(columns: [
      ("ENDPOINT", .left), ("NAME", .left), ("READINESS", .left), ("WEIGHT", .right),
      ("ZONE", .left), ("LABELS", .left), ("AGE", .right),
    ])
    for resolved in resolution.endpoints {
      let endpoint = resolved.endpoint
      table.add([
        endpoint.address.description, endpoint.name, resolved.readiness.rawValue,
        String(endpoint.weight), dash(endpoint.locality?.text), dash(labels(endpoint)),
        dash(age.map(Self.text)),
      ])
    }
    return table.lines.joined(separator: "\n")
  }

  /// What changed from one resolution to the next, a line for each endpoint that came, went or
  /// changed, and for a failure that began or ended.
  func changes(from old: Resolution?, to new: Resolution, time: String) throws -> [String] {
    if isJSON {
      let report = ResolutionReport(target: target, resolution: new, age: nil, time: time)
      return [try JSONText.line(report)]
    }
    var lines: [String] = []
    let before = Dictionary(
      uniqueKeysWithValues: (old?.endpoints ?? []).map { ($0.endpoint.address, $0) })
    let after = Set(new.endpoints.map(\.endpoint.address))
    for resolved in new.endpoints {
      let address = resolved.endpoint.address
      if let known = before[address] {
        if known != resolved { lines.append("~ \(line(resolved))") }
      } else {
        lines.append("+ \(line(resolved))")
      }
    }
    for resolved in old?.endpoints ?? [] where !after.contains(resolved.endpoint.address) {
      lines.append("- \(resolved.endpoint.address)")
    }
    if let failure = new.failure, failure != old?.failure {
      lines.append("! \(failure.message)")
    } else if new.failure == nil, old?.failure != nil {
      lines.append("= the source answers again; endpoints: \(new.endpoints.count)")
    } else if new.endpoints.isEmpty {
      lines.append("= no endpoints")
    }
    return lines.map { "\(time) \($0)" }
  }

  private func line(_ resolved: ResolvedEndpoint) -> String {
    let endpoint = resolved.endpoint
    var words = [endpoint.address.description, resolved.readiness.rawValue]
    if endpoint.name != endpoint.address.description { words.append("name=\(endpoint.name)") }
    if endpoint.weight != 1 { words.append("weight=\(endpoint.weight)") }
    if let locality = endpoint.locality { words.append("zone=\(locality.text)") }
    if !endpoint.labels.isEmpty { words.append("labels=\(labels(endpoint))") }
    return words.joined(separator: " ")
  }

  private func labels(_ endpoint: Endpoint) -> String {
    endpoint.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      .joined(separator: ",")
  }

  private func dash(_ text: String?) -> String {
    text.flatMap { $0.isEmpty ? nil : $0 } ?? "-"
  }

  /// To the millisecond below a second, and to the second above.
  private static func text(_ age: Duration) -> String {
    age < .seconds(1)
      ? "\(age / .milliseconds(1))".prefix { $0 != "." } + "ms" : "\(age.components.seconds)s"
  }
}

extension Locality {
  /// Region, zone and subzone, those that are known.
  fileprivate var text: String {
    [region, zone, subzone].filter { !$0.isEmpty }.joined(separator: "/")
  }
}
