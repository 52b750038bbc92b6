/// The kind of a ``Finding``: short, stable, and safe to match in scripts.
package enum FindingCode: String, Sendable, Hashable, Codable, CaseIterable {
  // The file.
  /// A path that was named does not exist or cannot be read.
  case unreadable
  /// A folder without a single manifest.
  case noManifests = "no-manifests"
  /// A file, or the number of files, is above its limit.
  case tooLarge = "too-large"
  /// Not YAML, or YAML nested or aliased beyond the limits.
  case syntax
  /// The same key twice in one mapping.
  case duplicateKey = "duplicate-key"

  /// There are more findings than are shown.
  case moreFindings = "more-findings"

  // The object.
  /// Not a Kubernetes object: no `apiVersion`, `kind` or `metadata`.
  case notAnObject = "not-an-object"
  /// A kind that Fairlead does not know.
  case unknownKind = "unknown-kind"
  /// The same kind, namespace and name twice.
  case duplicateObject = "duplicate-object"
  /// A field that must be there is not.
  case missingField = "missing-field"
  /// A field has the wrong type, a number instead of a string for example.
  case wrongType = "wrong-type"
  /// A field has a value that is not allowed.
  case invalidValue = "invalid-value"
  /// A field that its API does not have: a typing mistake, most likely.
  case unknownField = "unknown-field"
  /// A field that its API has and Fairlead does not act on.
  case notHonoured = "not-honoured"

  // Objects together.
  /// A host that no Service or ServiceEntry declares.
  case unknownHost = "unknown-host"
  /// A port that the service does not have.
  case unknownPort = "unknown-port"
  /// A subset that no DestinationRule declares.
  case unknownSubset = "unknown-subset"
  /// A subset that no route leads to.
  case unusedSubset = "unused-subset"
  /// The second subset of one name; the first is kept.
  case duplicateSubset = "duplicate-subset"
  /// The second rule for one host; the first is kept.
  case duplicateHost = "duplicate-host"
  /// A rule that an earlier one leaves nothing for.
  case unreachableRule = "unreachable-rule"
  /// A rule that can match no call.
  case neverMatches = "never-matches"
  /// A port whose calls no rule sends anywhere.
  case noRoute = "no-route"
  /// Nothing to send calls to.
  case noEndpoints = "no-endpoints"
  /// Two endpoints of one address, which cannot be told apart; the first is kept.
  case duplicateEndpoint = "duplicate-endpoint"
  /// A pod that is selected and cannot be called.
  case unusablePod = "unusable-pod"
}
