/// What a manifest says it is: `apiVersion` and `kind`.
struct ObjectType {
  var apiVersion: String
  var kind: String

  /// Reads both fields; an item of a typed list may leave them out. `nil` after a finding.
  init?(_ reader: FieldReader, listed: ObjectType?) {
    if let listed, !reader.has("apiVersion"), !reader.has("kind") {
      self = listed
      return
    }
    let apiVersion = reader.requiredString("apiVersion")
    let kind = reader.requiredString("kind")
    guard let apiVersion, let kind else { return nil }
    self.apiVersion = apiVersion
    self.kind = kind
  }

  /// The kind in its first version.
  init(_ kind: ManifestKind) {
    self.init(apiVersion: kind.apiVersion(kind.versions[0]), kind: kind.rawValue)
  }

  private init(apiVersion: String, kind: String) {
    self.apiVersion = apiVersion
    self.kind = kind
  }

  /// Empty for Kubernetes' core.
  var group: String {
    apiVersion.firstIndex(of: "/").map { String(apiVersion[..<$0]) } ?? ""
  }

  var version: String {
    apiVersion.firstIndex(of: "/").map { String(apiVersion[apiVersion.index(after: $0)...]) }
      ?? apiVersion
  }

  /// `nil` if this is no list, `.some(nil)` for `v1` `List`, whose items say themselves what they
  /// are.
  var itemType: ObjectType?? {
    if group == "", kind == "List" { return .some(nil) }
    guard kind.hasSuffix("List"), kind.count > 4 else { return nil }
    let item = ObjectType(apiVersion: apiVersion, kind: String(kind.dropLast(4)))
    return item.manifestKind == nil ? nil : .some(item)
  }

  var manifestKind: ManifestKind? {
    guard let known = ManifestKind(rawValue: kind), known.group == group else { return nil }
    return known
  }

  enum Significance {
    /// Its writer expects it to change where calls go.
    case routing
    /// It has nothing to do with where calls go.
    case none
    case unknown
  }

  var significance: Significance {
    switch (group, kind) {
    case ("", "Endpoints"):
      return .routing
    case ("networking.istio.io", _), ("gateway.networking.k8s.io", _),
      ("security.istio.io", _), ("networking.k8s.io", "Ingress"):
      return .routing
    case ("", _), ("apps", _), ("batch", _), ("autoscaling", _), ("policy", _),
      ("rbac.authorization.k8s.io", _), ("storage.k8s.io", _), ("networking.k8s.io", _),
      ("apiextensions.k8s.io", _), ("admissionregistration.k8s.io", _),
      ("coordination.k8s.io", _), ("scheduling.k8s.io", _), ("cert-manager.io", _),
      ("monitoring.coreos.com", _), ("kustomize.config.k8s.io", _), ("telemetry.istio.io", _),
      ("discovery.k8s.io", "EndpointSlice"):
      return .none
    default:
      return .unknown
    }
  }
}

extension ManifestKind {
  func apiVersion(_ version: String) -> String {
    group.isEmpty ? version : "\(group)/\(version)"
  }
}
