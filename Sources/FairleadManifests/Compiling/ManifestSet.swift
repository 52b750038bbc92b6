/// Files put together: one store of objects, or the reasons why there is none.
package struct ManifestSet: Sendable {
  /// `nil` if a finding is an error: the files are refused whole.
  package private(set) var store: ObjectStore?
  /// By place.
  package private(set) var findings: [Finding]
  package private(set) var skippedKinds: [String: Int] = [:]

  /// - Parameter files: in the order in which their objects count.
  package init(_ files: some Sequence<DecodedFile>) {
    var store = ObjectStore()
    var duplicates = FindingList()
    var decoded: [Finding] = []
    for file in files {
      decoded += file.findings
      skippedKinds.merge(file.skippedKinds, uniquingKeysWith: +)
      for object in file.objects {
        guard let first = store.put(object) else { continue }
        Self.reportDuplicate(object, of: first, findings: &duplicates)
      }
    }
    findings = (decoded + duplicates.all).sorted()
    // With an object missing because of an error, the compiler would complain of what it is missed
    // by.
    self.store = findings.hasErrors ? nil : store
  }

  private static func reportDuplicate(
    _ object: ManifestObject, of first: ManifestObject, findings: inout FindingList
  ) {
    let place = first.metadata.origin
    let key = object.metadata.key.description
    findings.add(
      .error, .duplicateObject,
      "\(object.kind.rawValue) \(quoted(key)) is there already, in "
        + "\(printable(place.file ?? "the store")) line \(place.line); keep one",
      at: object.metadata.origin)
  }
}
