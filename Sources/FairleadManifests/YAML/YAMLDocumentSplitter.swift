/// Cuts a file into its YAML documents, so that a mistake in one leaves the others readable.
enum YAMLDocumentSplitter {
  struct Chunk {
    /// Begins with the `---` line, if there is one.
    var text: Substring
    /// Lines in the file above this text.
    var linesBefore: Int
  }

  /// The documents in order, without those that hold nothing but comments and directives.
  static func split(_ text: String) -> [Chunk] {
    var chunks: [Chunk] = []
    var start = text.startIndex
    var startLine = 0
    var hasContent = false
    var line = 0
    var index = text.startIndex

    func close(at end: String.Index) {
      if hasContent { chunks.append(Chunk(text: text[start..<end], linesBefore: startLine)) }
      hasContent = false
    }

    let bytes = text.utf8
    while index < text.endIndex {
      let end = bytes[index...].firstIndex(of: UInt8(ascii: "\n"))
      let next = end.map { bytes.index(after: $0) } ?? text.endIndex
      let content = bytes[index..<next]
      if isMarker(content, UInt8(ascii: "-")) {
        close(at: index)
        (start, startLine) = (index, line)
        hasContent = says(content.dropFirst(3))
      } else if isMarker(content, UInt8(ascii: ".")) {
        close(at: index)
        (start, startLine) = (next, line + 1)
      } else if says(content), hasContent || content.first != UInt8(ascii: "%") {
        hasContent = true
      }
      index = next
      line += 1
    }
    close(at: text.endIndex)
    return chunks
  }

  /// `---` or `...` at the start of a line, with nothing or a blank behind it.
  private static func isMarker(_ line: Substring.UTF8View, _ mark: UInt8) -> Bool {
    guard line.starts(with: [mark, mark, mark]) else { return false }
    guard let next = line.dropFirst(3).first else { return true }
    return isBlank(next)
  }

  /// Whether a line holds more than blanks and a comment.
  private static func says(_ line: Substring.UTF8View) -> Bool {
    guard let first = line.first(where: { !isBlank($0) }) else { return false }
    return first != UInt8(ascii: "#")
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
      || byte == UInt8(ascii: "\n")
  }
}
