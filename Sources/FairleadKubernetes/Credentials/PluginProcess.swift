import Foundation
import Synchronization

/// A program that is run once for what it prints.
final class PluginProcess: Sendable {
  enum End: Sendable, Hashable {
    case printed([UInt8])
    /// What happened, as words after the program's name.
    case failed(String)
  }

  private enum State {
    case waiting
    case running(Int32)
    case ended
    case killed
  }

  private let path: String
  private let arguments: [String]
  private let environment: [String: String]
  private let state = Mutex(State.waiting)

  init(path: String, arguments: [String], environment: [String: String]) {
    self.path = path
    self.arguments = arguments
    self.environment = environment
  }

  /// Starts it and waits for its end, on a thread of its own, because reading a pipe blocks. What it
  /// prints as errors is not kept: it may hold secrets.
  func run(outputLimit: Int) async -> End {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(returning: self.runBlocking(outputLimit: outputLimit))
      }
    }
  }

  /// Ends it and all that it started, and keeps it from being started if it is not yet.
  func kill() {
    state.withLock { state in
      switch state {
      case .running(let pid):
        // It leads a process group of its own.
        _ = Foundation.kill(-pid, SIGKILL)
        state = .killed
      case .waiting: state = .killed
      case .ended, .killed: break
      }
    }
  }

  private func runBlocking(outputLimit: Int) -> End {
    let output = Pipe()
    guard let pid = start(output: output.fileHandleForWriting.fileDescriptor) else {
      return .failed("cannot be started")
    }
    // What is read ends when nobody can write any more: not we, above all.
    try? output.fileHandleForWriting.close()
    let data = try? output.fileHandleForReading.read(upToCount: outputLimit + 1)
    let count = data?.count ?? 0
    if count > outputLimit { kill() }
    PluginSpawn.wait(for: pid)
    let code = state.withLock { state in
      state = .ended
      return PluginSpawn.take(pid)
    }
    if count > outputLimit { return .failed("printed more than \(outputLimit) bytes") }
    guard code == 0 else {
      return .failed(code.map { "ended with status \($0)" } ?? "was ended by a signal")
    }
    return .printed([UInt8](data ?? Data()))
  }

  private func start(output: Int32) -> Int32? {
    state.withLock { state in
      guard case .waiting = state,
        let pid = PluginSpawn.start(path, arguments, environment, output: output)
      else { return nil }
      state = .running(pid)
      return pid
    }
  }
}
