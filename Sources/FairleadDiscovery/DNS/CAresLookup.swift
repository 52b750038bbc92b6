import Foundation
import Synchronization

/// Lookups by c-ares on threads of their own, so many at a time.
enum CAresLookup {
  /// Threads that wait for DNS servers; further lookups wait for one of them.
  static let threads = 16

  private static let queue: OperationQueue = {
    let queue = OperationQueue()
    queue.name = "fairlead.dns"
    queue.maxConcurrentOperationCount = threads
    return queue
  }()

  private final class Flag: Sendable {
    let isSet = Atomic(false)
  }

  /// Looks up a target. Cancelled, it ends in some fifty milliseconds.
  @Sendable
  static func run(_ target: DNSTarget, options: DNSOptions) async -> DNSOutcome {
    let cancelled = Flag()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        queue.addOperation {
          let isCancelled = { cancelled.isSet.load(ordering: .relaxed) }
          do throws(ResolutionFailure) {
            let session = try CAresSession(
              server: target.server, options: options, isCancelled: isCancelled)
            continuation.resume(returning: DNSLookup(session: session).run(target))
          } catch {
            continuation.resume(returning: .failed(error.message))
          }
        }
      }
    } onCancel: {
      cancelled.isSet.store(true, ordering: .relaxed)
    }
  }
}
