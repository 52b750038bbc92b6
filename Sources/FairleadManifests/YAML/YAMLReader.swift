import Yams

/// Turns the text of one YAML or JSON file into trees of ``ManifestNode``, one for each document.
///
/// Whatever the text is, the answer is nodes or findings: depth, size and aliases are bounded by
/// ``YAMLLimits``.
struct YAMLReader {
  var file: String
  var limits: YAMLLimits
  private(set) var documents: [ManifestNode] = []
  private(set) var findings: [Finding] = []

  init(file: String, limits: YAMLLimits) {
    self.file = file
    self.limits = limits
  }

  mutating func read(_ bytes: some Collection<UInt8>) {
    guard bytes.count <= limits.fileSize else {
      return refuse(
        .tooLarge, "the file has \(bytes.count) bytes; at most \(limits.fileSize) are read", line: 0
      )
    }
    guard var text = String(validating: bytes, as: UTF8.self) else {
      return refuse(
        .syntax, "the file is not UTF-8 text; save it as UTF-8", line: Self.firstInvalidLine(bytes))
    }
    if text.unicodeScalars.first == "\u{FEFF}" {
      text.unicodeScalars.removeFirst()
    }
    let chunks = YAMLDocumentSplitter.split(text)
    guard chunks.count <= limits.documents else {
      return refuse(
        .tooLarge,
        "the file has \(chunks.count) documents; at most \(limits.documents) are read", line: 0)
    }
    for chunk in chunks {
      read(chunk)
    }
  }

  private mutating func read(_ chunk: YAMLDocumentSplitter.Chunk) {
    guard AliasBudget.expandedSize(of: chunk.text.utf8) <= limits.expandedSize else {
      return refuse(
        .syntax, "the aliases of this document multiply it beyond \(limits.expandedSize) bytes",
        line: chunk.linesBefore + 1)
    }
    let text = String(chunk.text)
    do {
      // The basic resolver: types are resolved in `ScalarResolution`, by kubectl's rules.
      let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
      guard let root = try parser.singleRoot() else { return }
      var conversion = NodeConversion(limits: limits, linesBefore: chunk.linesBefore)
      let node = try conversion.convert(root)
      if !node.isNull { documents.append(node) }
    } catch let error as NodeConversion.Failure {
      refuse(error.code, error.message, line: error.mark.line, column: error.mark.column)
    } catch {
      report(error, in: chunk, text: text)
    }
  }

  private mutating func report(
    _ error: any Error, in chunk: YAMLDocumentSplitter.Chunk, text: String
  ) {
    let problem = YAMLProblem(error, text: text)
    refuse(
      problem.code, problem.message, line: chunk.linesBefore + problem.line, column: problem.column)
  }

  private mutating func refuse(
    _ code: FindingCode, _ message: String, line: Int, column: Int = 1
  ) {
    let origin = Origin(file: file, line: line, column: line > 0 ? column : 0)
    findings.append(Finding(.error, code, message, at: origin))
  }

  private static func firstInvalidLine(_ bytes: some Collection<UInt8>) -> Int {
    var number = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      if String(validating: line, as: UTF8.self) == nil { return number }
    }
    return number
  }
}
