/// Finds the name that was probably meant.
package enum Spelling {
  /// ` (is it 'x'?)`, or nothing if no name is near.
  package static func hint(for name: String, among names: [String]) -> String {
    guard let nearest = self.nearest(to: name, among: names) else { return "" }
    return " (is it '\(nearest)'?)"
  }

  /// The nearest that differs in a third of its letters at most; without regard to case.
  package static func nearest(to name: String, among names: [String]) -> String? {
    let wanted = Array(name.lowercased().utf8.prefix(128))
    var best: (name: String, distance: Int)?
    for candidate in names.prefix(10_000) {
      let letters = Array(candidate.lowercased().utf8.prefix(128))
      let size = max(wanted.count, letters.count)
      // Two letters in the wrong order are two changes.
      let limit = min(best?.distance ?? .max, size < 4 ? 1 : max(2, size / 3))
      guard abs(letters.count - wanted.count) <= limit else { continue }
      let distance = self.distance(wanted, letters)
      if distance <= limit, distance < best?.distance ?? .max {
        best = (candidate, distance)
      }
    }
    return best?.name
  }

  /// Levenshtein's.
  private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
    var row = Array(0...other.count)
    for (line, letter) in one.enumerated() {
      var diagonal = row[0]
      row[0] = line + 1
      for column in other.indices {
        let above = row[column + 1]
        let change = diagonal + (letter == other[column] ? 0 : 1)
        row[column + 1] = min(change, above + 1, row[column] + 1)
        diagonal = above
      }
    }
    return row[other.count]
  }
}
