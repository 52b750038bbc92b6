/// A bar of block characters, in steps of an eighth of a column.
enum TextBar {
  private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  /// - Parameters:
  ///   - share: From 0 to 1; what is more than nothing shows.
  ///   - width: Columns of a full bar.
  static func text(_ share: Double, width: Int) -> String {
    guard share > 0, width > 0 else { return "" }
    let steps = max(1, Int((min(share, 1) * Double(width) * 8).rounded()))
    return String(repeating: "█", count: steps / 8) + eighths[steps % 8]
  }
}
