import Foundation

extension TextStyle {
  /// For standard output: as wide as the terminal, within reason; in a pipe plain and 100 columns wide.
  ///
  /// `NO_COLOR` and `TERM=dumb` turn colours off.
  ///
  /// - Parameter environment: The process's.
  static func standardOutput(environment: [String: String]) -> TextStyle {
    guard isatty(STDOUT_FILENO) == 1 else { return TextStyle(width: 100, isColoured: false) }
    let isPlain = environment["NO_COLOR"]?.isEmpty == false || environment["TERM"] == "dumb"
    return TextStyle(
      width: min(max(columns(of: STDOUT_FILENO) ?? 80, 60), 140), isColoured: !isPlain)
  }

  /// How wide the terminal is; nil if that is not known, or it is none.
  static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}
