import Yams

/// A YAML parser's error in our words, with its place in the document.
struct YAMLProblem {
  var code: FindingCode = .syntax
  var message: String
  /// Counted from 1 within the document.
  var line = 1
  var column = 1

  init(_ error: any Error, text: String) {
    guard let error = error as? YamlError else {
      message = "the document cannot be read: \(error)"
      return
    }
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _):
      (line, column) = (mark.line, mark.column)
      message = Self.sentence(problem, context: context)
      if Self.isIndentedByTab(text, line: line) {
        message = "a tab is used for indentation; use spaces"
      }
    case .composer(_, let problem, let mark, _):
      (line, column) = (mark.line, mark.column)
      message = Self.sentence(problem, context: nil)
    case .reader(let problem, let offset, let value, _):
      line = text.prefix(offset ?? 0).count(where: \.isNewline) + 1
      message =
        value >= 0
        ? "\(problem): byte 0x\(String(value, radix: 16)) is in the text" : problem
    case .duplicatedKeysInMapping(let duplicates, let context):
      code = .duplicateKey
      (line, column) = (context.mark.line, context.mark.column)
      let names = duplicates.map { quoted($0) }.joined(separator: ", ")
      message = "the key \(names) is there more than once in one object; keep one"
    case .memory, .no, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
      message = "the document cannot be read"
    }
    // What is missing at the end is missing in the last line, not below it.
    line = min(line, text.hasSuffix("\n") ? Self.lineCount(text) - 1 : Self.lineCount(text))
  }

  private static func lineCount(_ text: String) -> Int {
    text.utf8.count { $0 == UInt8(ascii: "\n") } + 1
  }

  private static func sentence(_ problem: String, context: YamlError.Context?) -> String {
    guard let context else { return "not valid YAML: \(problem)" }
    return
      "not valid YAML: \(problem) \(context.text) from line \(context.mark.line) of the document"
  }

  private static func isIndentedByTab(_ text: String, line: Int) -> Bool {
    let lines = text.utf8.split(
      separator: UInt8(ascii: "\n"), maxSplits: line, omittingEmptySubsequences: false)
    guard lines.indices.contains(line - 1) else { return false }
    return lines[line - 1].prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      .contains(UInt8(ascii: "\t"))
  }
}
