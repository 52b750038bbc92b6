import Foundation

/// One more process of this same command, which does not outlive us.
///
/// It leads a process group of its own, so that Ctrl-C on our terminal is ours to handle. Its
/// standard input is a pipe that only we hold: should we be killed, it ends with the pipe. What it
/// prints goes to a log file.
struct ChildProcess: Sendable {
  /// What to call it in messages.
  let name: String

  /// Where its output is kept.
  let log: URL

  private let process: Process
  private let lifeline: Pipe

  /// Starts this executable once more.
  ///
  /// - Parameters:
  ///   - name: What to call it; also the name of its log.
  ///   - arguments: A subcommand that knows `--until-stdin-ends`, and its options.
  ///   - logs: The folder for its log.
  init(_ name: String, arguments: [String], logs: URL) throws {
    self.name = name
    log = logs.appendingPathComponent("\(name).log")
    process = Process()
    lifeline = Pipe()
    guard let executable = Bundle.main.executableURL,
      FileManager.default.createFile(atPath: log.path, contents: nil)
    else {
      throw CommandFailure("Cannot write \(log.path): make room or set TMPDIR to another folder.")
    }
    let output = try FileHandle(forWritingTo: log)
    defer { try? output.close() }
    process.executableURL = executable
    process.arguments = arguments + ["--until-stdin-ends"]
    process.standardInput = lifeline
    process.standardOutput = output
    process.standardError = output
    do {
      try process.run()
    } catch {
      throw CommandFailure("Cannot start \(executable.path) as \(name): \(error).")
    }
  }

  /// Whether it has not ended yet.
  var isRunning: Bool { process.isRunning }

  /// What it printed up to now.
  var output: String {
    (try? String(contentsOf: log, encoding: .utf8)) ?? ""
  }

  /// The rest of the line that begins with `prefix`, as soon as it was printed whole.
  ///
  /// - Throws: ``CommandFailure`` when it ends first, or does not print it in time.
  func line(after prefix: String, within limit: Duration) async throws -> String {
    let found = try await poll(within: limit) { () -> String? in
      // Read before looking whether it runs: what it said last counts.
      let isRunning = self.isRunning
      let lines = output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      if let line = lines.first(where: { $0.hasPrefix(prefix) }) {
        return String(line.dropFirst(prefix.count))
      }
      if !isRunning {
        throw CommandFailure(
          "\(name) ended at once: \(lines.last { !$0.isEmpty } ?? "no reason given").")
      }
      return nil
    }
    guard let found else {
      throw CommandFailure(
        "\(name) is not ready after \(DurationArgument(limit)); see \(log.path).")
    }
    return found
  }

  /// Asks it to stop, as Kubernetes does: SIGTERM.
  func stop() {
    process.terminate()
  }

  /// Ends it without a chance to say goodbye: SIGKILL.
  func kill() {
    if process.isRunning {
      Foundation.kill(process.processIdentifier, SIGKILL)
    }
  }

  /// Waits until it has ended.
  ///
  /// - Throws: ``CommandFailure`` when it still runs after `limit`.
  func waitForEnd(within limit: Duration) async throws {
    guard try await poll(within: limit, { isRunning ? nil : true }) != nil else {
      throw CommandFailure("\(name) still runs \(DurationArgument(limit)) after it was stopped.")
    }
  }

  /// Blocks until it has ended; for the moment after ``kill()``.
  func reap() {
    process.waitUntilExit()
  }
}
