/// The objects of one file, and what there is to say about them.
package struct DecodedFile: Sendable, Hashable {
  package var objects: [ManifestObject]
  package var findings: [Finding]
  /// How many objects of each kind were passed over because they do not decide where calls go.
  package var skippedKinds: [String: Int]

  package init(
    objects: [ManifestObject] = [], findings: [Finding] = [], skippedKinds: [String: Int] = [:]
  ) {
    self.objects = objects
    self.findings = findings
    self.skippedKinds = skippedKinds
  }

  /// Reads a file of YAML (one document or several, lists too) or JSON. Never fails: what is wrong
  /// is a finding of severity error, and the objects without errors are there.
  ///
  /// - Parameter file: its name, for findings.
  package init(
    bytes: some Collection<UInt8>, file: String, limits: YAMLLimits = YAMLLimits()
  ) {
    let bytes = Array(bytes)
    self = DeepStack.run {
      var reader = YAMLReader(file: file, limits: limits)
      reader.read(bytes)
      var decoder = ObjectDecoder(file: file)
      for document in reader.documents {
        decoder.decode(document)
      }
      return DecodedFile(
        objects: decoder.objects, findings: (reader.findings + decoder.findings).sorted(),
        skippedKinds: decoder.skippedKinds)
    }
  }
}
