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

  /// Whether standard error is a terminal, so that a line can be drawn over.
  static var isTerminal: Bool {
    isatty(stderrDescriptor) == 1
  }

  /// One line on a terminal that says what goes on, drawn over again and again.
  struct Progress: Sendable {
    /// Whether anything is drawn at all.
    let isShown: Bool

    /// Draws over what was there.
    func show(_ text: String) {
      draw("\r\u{1B}[K\(text) …")
    }

    /// Leaves an empty line for what comes next.
    func clear() {
      draw("\r\u{1B}[K")
    }

    private func draw(_ text: String) {
      guard isShown else { return }
      Console.write(text, to: stderrDescriptor)
    }
  }

  private static let stdoutDescriptor: Int32 = 1
  private static let stderrDescriptor: Int32 = 2

  fileprivate static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      // Nobody reads any more, or the disk is full: there is nowhere to say so.
      guard written > 0 || (written < 0 && errno == EINTR) else { return }
      bytes = bytes.dropFirst(max(written, 0))
    }
  }
}
