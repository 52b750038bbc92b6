extension String {
  /// Filled up with spaces on the right.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  var withoutTrailingSpaces: String {
    var copy = self
    while copy.last == " " {
      copy.removeLast()
    }
    return copy
  }

  /// Line breaks as spaces.
  var onOneLine: String {
    String(map { $0.isNewline ? " " : $0 })
  }
}
