import FairleadDescriptors

/// Text that a peer or a user has given, made fit for one line of a report.
///
/// A backend may call itself anything: what would move a terminal's cursor, turn the writing direction round or break the line is
/// written as an escape, and what is too long is cut.
enum PeerText {
  /// The text in at most `limit` scalars, not counting escapes.
  static func line(_ text: String, limit: Int = 120) -> String {
    var line = ""
    var count = 0
    for scalar in text.unicodeScalars {
      guard count < limit else { return line + "…" }
      count += 1
      if scalar.isUnprintable {
        line += String(scalar).printable
      } else {
        line.unicodeScalars.append(scalar)
      }
    }
    return line
  }

  /// A name for a table; an empty one shows, too. A long one keeps its beginning and more of its end, by which names are told
  /// apart.
  static func name(_ text: String, limit: Int = 40) -> String {
    if text.isEmpty { return "(empty)" }
    let scalars = text.unicodeScalars
    guard scalars.count > limit else { return line(text, limit: limit) }
    let head = limit / 3
    return line(String(scalars.prefix(head)), limit: head) + "…"
      + line(String(scalars.suffix(limit - head)), limit: limit)
  }

  /// A name where there is little room: of a long one the end, by which pods of one set are told apart.
  static func end(of name: String, limit: Int) -> String {
    name.count > limit ? "…" + name.suffix(max(1, limit - 1)) : name
  }
}
