import Foundation

/// Where a command writes what it has to say, a whole line at a time and at once.
///
/// `print` holds lines back while standard output is a pipe, and whoever waits for "listens on" at
/// its other end would wait for ever.
enum Console {
  /// Writes one line to standard output.
  static func line(_ text: String = "") {
    self.write(text + "\n", to: stdoutDescriptor)
  }

  /// Writes one line to standard error.
  static func error(_ text: String) {
    self.write(text + "\n", to: stderrDescriptor)
  }

  /// Writes text as it is to standard error, without a line end: progress on a terminal.
  static func progress(_ text: String) {
    self.write(text, to: stderrDescriptor)
  }

  /// Whether standard error is a terminal, so that a line can be drawn over.
  static var showsProgress: Bool {
    isatty(stderrDescriptor) == 1
  }

  private static let stdoutDescriptor: Int32 = 1
  private static let stderrDescriptor: Int32 = 2

  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      // Nobody reads any more, or the disk is full: there is nowhere to say so.
      guard written > 0 || (written < 0 && errno == EINTR) else { return }
      bytes = bytes.dropFirst(max(written, 0))
    }
  }
}
