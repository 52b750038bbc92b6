import FairleadBalancing

/// What is read out of the metadata beside an address: `name`, `weight`, `region`, `zone` and `subzone`
/// (or these three in `locality`), and labels: the texts in `labels`, and every other field that is a
/// text, a number or a truth value, such as `version`.
struct EtcdMetadata: Sendable, Hashable {
  var name: String?
  /// 0 takes the endpoint out of use while others are there.
  var weight = 1
  var locality: Locality?
  var labels: [String: String] = [:]
  /// What was there and could not be used, in words; `nil` if all is well.
  var remark: String?

  /// The heaviest weight.
  static let maximumWeight = 1_000_000
  private static let knownFields: Set<String> = [
    "name", "weight", "region", "zone", "subzone", "locality", "labels",
  ]

  /// Metadata that is no object says nothing to us: it is somebody else's.
  init(_ value: EtcdJSON?) {
    guard case .object(let fields) = value else { return }
    name = fields.field("name")?.scalar.flatMap { $0.isEmpty ? nil : $0 }
    readWeight(fields.field("weight"))
    readLocality(fields)
    for (key, value) in fields where !Self.knownFields.contains(key.lowercased()) {
      labels[key] = value.scalar
    }
    guard case .object(let own) = fields.field("labels") else { return }
    for (key, value) in own { labels[key] = value.scalar }
  }

  private mutating func readWeight(_ value: EtcdJSON?) {
    guard let value, value != .null else { return }
    guard let text = value.scalar, let weight = Int(text),
      (0...Self.maximumWeight).contains(weight)
    else {
      remark = "its weight is not a whole number from 0 to \(Self.maximumWeight) and counts as 1"
      return
    }
    self.weight = weight
  }

  private mutating func readLocality(_ fields: [String: EtcdJSON]) {
    var parts = fields
    if case .object(let inner) = fields.field("locality") { parts = inner }
    let locality = Locality(
      region: parts.field("region")?.scalar ?? "", zone: parts.field("zone")?.scalar ?? "",
      subzone: parts.field("subzone")?.scalar ?? "")
    if locality != Locality() { self.locality = locality }
  }
}
