extension String {
  /// The text with all that moves a terminal's cursor or turns its writing direction shown as
  /// `\u{1b}`: names and messages come from servers, which may be hostile.
  package var printable: String { self.printable(keepingLines: false) }

  /// - Parameter keepingLines: Whether line breaks and tabs stay.
  package func printable(keepingLines: Bool) -> String {
    guard self.unicodeScalars.contains(where: { $0.isUnprintable }) else { return self }
    var text = ""
    for scalar in self.unicodeScalars {
      if scalar.isUnprintable, !(keepingLines && (scalar == "\n" || scalar == "\t")) {
        text += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}

extension Unicode.Scalar {
  /// Whether it is not for being seen: controls (C0, DEL, C1), marks that turn the direction or hide, the separators that end
  /// a line, and what no font has.
  package var isUnprintable: Bool {
    if self.isASCII { return self.value < 0x20 || self.value == 0x7F }
    return switch self.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned:
      true
    case _: false
    }
  }
}
