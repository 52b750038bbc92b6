import Foundation

/// Where a command writes what it has to say, a whole line at a time and at once.
///
/// `print` holds lines back while standard output is a pipe, and whoever waits for "listens on" at
/// its other end would wait for ever.
enum Console {
  /// Writes one line of what a command was run for to standard output.
  ///
  /// Where that cannot be written there is nothing left to do: the process ends with exit status 1,
  /// silently if its reader is gone, as `head` goes, and with the system's reason for anything else.
  static func line(_ text: String = "") {
    let problem = self.write(text + "\n", to: stdoutDescriptor)
    guard problem != 0 else { return }
    if problem != EPIPE {
      self.error("Cannot write to standard output: \(String(cString: strerror(problem))).")
    }
    // Other threads still run: nothing of theirs is to be taken apart under them.
    _exit(failureStatus)
  }

  /// Writes one line to standard output of what a server does, which goes on without a reader.
  static func note(_ text: String) {
    _ = self.write(text + "\n", to: stdoutDescriptor)
  }

  /// Writes one line to standard error.
  static func error(_ text: String) {
    _ = self.write(text + "\n", to: stderrDescriptor)
  }

  /// Keeps the numbers of the standard streams from becoming those of files and sockets, to which lines
  /// would then go. For the beginning of a process.
  static func reserveDescriptors() {
    for descriptor in 0...stderrDescriptor where fcntl(descriptor, F_GETFD) == -1 {
      // The lowest free number is this one. Writing to it fails.
      _ = open("/dev/null", O_RDONLY)
    }
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
      _ = Console.write(text, to: stderrDescriptor)
    }
  }

  private static let stdoutDescriptor: Int32 = 1
  private static let stderrDescriptor: Int32 = 2
  private static let failureStatus: Int32 = 1

  /// - Returns: 0, or the number of the error that ended it.
  fileprivate static func write(_ text: String, to descriptor: Int32) -> Int32 {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written >= 0 {
        bytes = bytes.dropFirst(written)
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        // Somebody who shares it does not want to wait; a line is not to be cut for that.
        var event = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&event, 1, -1)
      case let problem: return problem
      }
    }
    return 0
  }
}
