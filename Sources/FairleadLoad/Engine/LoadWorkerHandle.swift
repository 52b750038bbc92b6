import NIOCore

/// A worker, and the only way to it from other threads.
struct LoadWorkerHandle: Sendable {
  let loop: any EventLoop
  let worker: NIOLoopBound<LoadWorker>

  func run<Value: Sendable>(
    _ body: @escaping @Sendable (LoadWorker) -> EventLoopFuture<Value>
  ) async throws -> Value {
    try await loop.flatSubmit { body(worker.value) }.get()
  }

  func tell(_ body: @escaping @Sendable (LoadWorker) -> Void) {
    loop.execute { body(worker.value) }
  }
}
