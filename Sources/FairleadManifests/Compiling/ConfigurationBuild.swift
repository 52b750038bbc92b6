/// Files put together: one configuration, or the reasons why there is none.
package struct ConfigurationBuild: Sendable {
  /// `nil` if a finding is an error: the configuration is refused whole.
  package private(set) var configuration: CompiledConfiguration?
  /// Of the files and of the compiler, by place.
  package var findings: [Finding]
  package var skippedKinds: [String: Int]

  /// - Parameter files: in the order in which their objects count.
  package init(_ files: some Sequence<DecodedFile>, options: CompileOptions = CompileOptions()) {
    var store = ObjectStore()
    var findings = FindingList()
    var skipped: [String: Int] = [:]
    var decoded: [Finding] = []
    for file in files {
      decoded += file.findings
      skipped.merge(file.skippedKinds, uniquingKeysWith: +)
      for object in file.objects {
        guard let first = store.put(object) else { continue }
        Self.reportDuplicate(object, of: first, findings: &findings)
      }
    }
    self.findings = (decoded + findings.all).sorted()
    skippedKinds = skipped
    // With an object missing because of an error, the compiler would complain of what it is missed
    // by.
    guard !self.findings.hasErrors else { return }
    let compiled = Compiler(options: options).compile(store)
    self.findings = (self.findings + compiled.findings).sorted()
    configuration = compiled
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
