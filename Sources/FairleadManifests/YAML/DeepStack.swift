import Dispatch
import Foundation
import Synchronization

/// Runs work that recurses deeply on a thread with room for it.
///
/// The YAML parser goes up to 1000 levels deep, by recursion, before it refuses a text. That takes
/// some 4 MiB, and a thread of Swift's or Dispatch's pools may have 512 KiB.
enum DeepStack {
  static let size = 16 << 20

  /// The caller's thread waits meanwhile.
  static func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) -> Result {
    let outcome = Outcome<Result>()
    let thread = Thread {
      outcome.value.withLock { $0 = work() }
      outcome.done.signal()
    }
    thread.stackSize = size
    thread.start()
    outcome.done.wait()
    guard let result = outcome.value.withLock({ $0 }) else {
      preconditionFailure("The thread signals only after it has set its result.")
    }
    return result
  }

  private final class Outcome<Result: Sendable>: Sendable {
    let value = Mutex<Result?>(nil)
    let done = DispatchSemaphore(value: 0)
  }
}
