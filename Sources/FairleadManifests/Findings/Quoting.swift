/// Text from a file, made fit for a message: in backquotes, on one line, of bounded length, and
/// without the control characters that could play tricks on a terminal.
func quoted(_ text: some StringProtocol) -> String {
  "`" + printable(text) + "`"
}

/// As ``quoted(_:)``, without the backquotes.
func printable(_ text: some StringProtocol) -> String {
  let limit = 80
  var result = ""
  var count = 0
  for scalar in text.unicodeScalars {
    guard count < limit else { return result + "…" }
    count += 1
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned,
      .privateUse:
      result += "\\u{\(String(scalar.value, radix: 16))}"
    default:
      result.unicodeScalars.append(scalar)
    }
  }
  return result
}
