/// What the help of `fairlead probe` says about its flags, laid out as the other commands' options are.
enum ProbeHelp {
  private static let width = 80
  private static let labelWidth = 26

  /// A line or more for each flag.
  static var flags: String {
    ProbeFlag.allCases.compactMap { flag in
      flag.summary.map { summary in
        let value = flag.valueName.map { " <\($0)>" } ?? ""
        return self.entry("  -\(flag.rawValue)\(value)", summary)
      }
    }.joined(separator: "\n")
  }

  /// A label, and a text in the column beside it.
  static func entry(_ label: String, _ text: String) -> String {
    let indent = String(repeating: " ", count: labelWidth)
    var lines = [label]
    if label.count >= labelWidth {
      lines.append(indent)
    } else {
      lines[0] += indent.dropFirst(label.count)
    }
    for word in text.split(separator: " ") {
      let line = lines[lines.count - 1]
      if line.count + word.count + 1 > width - 1 {
        lines.append(indent + word)
      } else {
        lines[lines.count - 1] = line.hasSuffix(" ") ? line + word : line + " " + word
      }
    }
    return lines.joined(separator: "\n")
  }
}
