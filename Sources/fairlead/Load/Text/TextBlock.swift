/// Lines that stand beside other lines.
enum TextBlock {
  /// Both blocks side by side where they fit, else one below the other with an empty line between.
  static func beside(_ left: [String], _ right: [String], gap: Int, width: Int) -> [String] {
    let leftWidth = left.map(\.count).max() ?? 0
    let rightWidth = right.map(\.count).max() ?? 0
    guard leftWidth + gap + rightWidth <= width else { return left + [""] + right }
    return (0..<max(left.count, right.count)).map { row in
      let first = row < left.count ? left[row] : ""
      guard row < right.count else { return first }
      return first + String(repeating: " ", count: leftWidth + gap - first.count) + right[row]
    }
  }

  /// A sentence in as many lines as it needs; a word that is wider than a line has one of its own.
  static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  static func indented(_ lines: [String]) -> [String] {
    lines.map { $0.isEmpty ? $0 : "  " + $0 }
  }
}
