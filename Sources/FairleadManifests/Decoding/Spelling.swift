/// Finds what a writer may have meant by a word that does not exist.
enum Spelling {
  /// The candidate that is at most two edits away, the nearest and then the first in alphabetical
  /// order.
  static func nearest(to word: String, in candidates: some Collection<String>) -> String? {
    guard word.utf8.count <= 64 else { return nil }
    let allowed = word.utf8.count < 4 ? 1 : 2
    return
      candidates
      .map { (distance: distance(word, $0, atMost: allowed), word: $0) }
      .filter { $0.distance <= allowed }
      .min { ($0.distance, $0.word) < ($1.distance, $1.word) }?
      .word
  }

  /// Levenshtein distance without regard to case; more than `limit` if it is more.
  private static func distance(_ left: String, _ right: String, atMost limit: Int) -> Int {
    let (a, b) = (Array(left.lowercased().utf8), Array(right.lowercased().utf8))
    guard abs(a.count - b.count) <= limit else { return limit + 1 }
    var row = Array(0...b.count)
    for i in a.indices {
      var diagonal = row[0]
      row[0] = i + 1
      for j in b.indices {
        let substitution = diagonal + (a[i] == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substitution, min(diagonal, row[j]) + 1)
      }
    }
    return row[b.count]
  }
}
