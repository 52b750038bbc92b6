@testable import FairleadManifests

/// Files put together and compiled: one configuration, or the reasons why there is none.
struct ConfigurationBuild {
  /// `nil` if a finding is an error: the files are refused whole.
  var configuration: CompiledConfiguration?
  /// Of the files and of the compiler, by place.
  var findings: [Finding]
  var skippedKinds: [String: Int]

  /// - Parameter files: in the order in which their objects count.
  init(_ files: [DecodedFile], options: CompileOptions = CompileOptions()) {
    let set = ManifestSet(files)
    findings = set.findings
    skippedKinds = set.skippedKinds
    guard let store = set.store else { return }
    let compiled = Compiler(options: options).compile(store)
    findings = (findings + compiled.findings).sorted()
    configuration = compiled
  }
}
