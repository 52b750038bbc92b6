/// How text for people is laid out: how wide, and whether in colours. Nothing is said by colour alone.
struct TextStyle: Sendable, Hashable {
  /// Columns that a line may have.
  let width: Int

  let isColoured: Bool

  /// What a whole line can be painted as; parts of a line cannot, since tables count characters.
  enum Paint: Sendable {
    case title
    case faint
    case good
    case warning
    case bad
  }

  /// The line in its colour.
  func painted(_ line: String, _ paint: Paint) -> String {
    guard isColoured, !line.isEmpty else { return line }
    let code =
      switch paint {
      case .title: "1"
      case .faint: "2"
      case .good: "32"
      case .warning: "33"
      case .bad: "31"
      }
    return "\u{1B}[\(code)m\(line)\u{1B}[0m"
  }
}
