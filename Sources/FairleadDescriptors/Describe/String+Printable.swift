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
  /// Whether it is not for being seen: controls (C0, DEL, C1), marks that turn the direction or hide,
  /// and the separators that end a line.
  var isUnprintable: Bool {
    switch self.value {
    case 0..<0x20, 0x7F..<0xA0: true
    case 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB: true
    case _: false
    }
  }
}
