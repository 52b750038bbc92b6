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

  /// Ends it if it runs, and keeps it from being started if it does not yet.
  func kill() {
    state.withLock { state in
      switch state {
      case .running(let pid):
        _ = Foundation.kill(pid, SIGKILL)
        state = .killed
      case .waiting: state = .killed
      case .ended, .killed: break
      }
    }
  }

  private func runBlocking(outputLimit: Int) -> End {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let output = Pipe()
    process.standardOutput = output
    let isStarted = state.withLock { state in
      guard case .waiting = state, (try? process.run()) != nil else { return false }
      state = .running(process.processIdentifier)
      return true
    }
    guard isStarted else { return .failed("cannot be started") }
    let data = try? output.fileHandleForReading.read(upToCount: outputLimit + 1)
    let count = data?.count ?? 0
    if count > outputLimit { kill() }
    process.waitUntilExit()
    state.withLock { $0 = .ended }
    if count > outputLimit { return .failed("printed more than \(outputLimit) bytes") }
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      return .failed("ended with status \(process.terminationStatus)")
    }
    return .printed([UInt8](data ?? Data()))
  }
}
