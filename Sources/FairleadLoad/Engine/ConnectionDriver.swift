import FairleadBalancing
import NIOCore
import NIOPosix

/// Makes the calls of a plan over connections to one address, on event loops of its own: as fast as it goes.
package final class ConnectionDriver: LoadDriver {
  package let counter = LoadCounter()
  private let plan: LoadPlan
  private let request: LoadRequest
  private let settings: LoadConnectionSettings
  private let threads: Int
  private let seed: UInt64

  /// - Parameters:
  ///   - threads: event loops that are wanted; at most one for each connection is used.
  ///   - seed: of the jitter between attempts to connect.
  package init(
    plan: LoadPlan, request: LoadRequest, settings: LoadConnectionSettings, threads: Int = 1,
    seed: UInt64
  ) {
    self.plan = plan
    self.request = request
    self.settings = settings
    self.threads = LoadShare.workers(wanted: threads, for: plan)
    self.seed = seed
  }

  /// Connects, and closes again: whether calls have any chance.
  ///
  /// - Throws: ``LoadFailure``.
  package func check() async throws {
    var single = plan
    single.connections = 1
    single.concurrency = 1
    try await withWorkers(of: single, threads: 1) { workers in
      try await withTaskCancellationHandler {
        try await workers[0].run { $0.open() }
      } onCancel: {
        workers[0].tell { $0.stop() }
      }
      try await workers[0].run { worker in
        worker.finish()
        return worker.loop.makeSucceededVoidFuture()
      }
      try Task.checkCancellation()
    }
  }

  package func run() async throws -> LoadOutcome {
    let outcome = try await withWorkers(of: plan, threads: threads) { workers in
      try await self.run(workers)
    }
    return LoadOutcome(
      measurements: outcome.measurements, elapsedSeconds: Double(outcome.elapsed) / 1e9,
      wasStopped: outcome.wasStopped,
      notes: outcome.notes.sentences(plan: plan, lost: outcome.measurements.connectionsLost),
      failure: outcome.notes.failure)
  }

  private func run(_ workers: [LoadWorkerHandle]) async throws -> LoadWorkerOutcome {
    try await withTaskCancellationHandler {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for worker in workers {
          group.addTask { try await worker.run { $0.open() } }
        }
        try await group.waitForAll()
      }
      let start = LoadWorker.now
      return try await withThrowingTaskGroup(of: LoadWorkerOutcome.self) { group in
        for worker in workers {
          group.addTask { try await worker.run { $0.start(at: start) } }
        }
        var whole = try await group.next()
        while let next = try await group.next() { whole?.merge(next) }
        guard let whole else { throw LoadFailure("A run of load without workers was asked for.") }
        return whole
      }
    } onCancel: {
      for worker in workers { worker.tell { $0.stop() } }
    }
  }

  /// Runs `body` with one worker for each event loop, and ends both.
  private func withWorkers<Value: Sendable>(
    of plan: LoadPlan, threads: Int, _ body: ([LoadWorkerHandle]) async throws -> Value
  ) async throws -> Value {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
    let result: Result<Value, any Error>
    do {
      var workers: [LoadWorkerHandle] = []
      for share in LoadShare.shares(of: plan, among: threads) {
        workers.append(try await worker(share, on: group.next()))
      }
      result = .success(try await body(workers))
    } catch {
      result = .failure(error)
    }
    try? await group.shutdownGracefully()
    return try result.get()
  }

  private func worker(_ share: LoadShare, on loop: any EventLoop) async throws -> LoadWorkerHandle {
    let (request, settings, counter) = (request, settings, counter)
    let seed = seed &+ UInt64(share.worker) &* 0x9E37_79B9
    let worker = try await loop.submit {
      NIOLoopBound(
        LoadWorker(
          share: share, settings: settings, request: request, counter: counter, seed: seed,
          loop: loop), eventLoop: loop)
    }.get()
    return LoadWorkerHandle(loop: loop, worker: worker)
  }
}
