import Synchronization

/// Turns a target into endpoints over time: an asynchronous sequence of whole ``Resolution``s.
///
/// Every reader gets the latest resolution at once, if there is one, and then each that differs; one
/// that is slow gets the latest only. Nothing happens before ``run()`` is called and nothing after
/// it ends, which ends the sequences of all readers. It may be run again: the last good endpoints
/// are kept in between. Safe to use from any thread.
public final class Resolver: AsyncSequence, Sendable {
  public typealias Element = Resolution

  private struct State {
    var ledger = ResolutionLedger()
    var isRunning = false
    var latest: Resolution?
    var readers: [Int: AsyncStream<Resolution>.Continuation] = [:]
    var nextReader = 0
  }

  private let source: any EndpointSource
  private let options: ResolverOptions
  private let state = Mutex(State())
  private let news = Signal()
  /// Hints as they come, and those that the source is given.
  private let asked = Signal()
  private let granted = Signal()

  public init(_ source: some EndpointSource, options: ResolverOptions = ResolverOptions()) {
    self.source = source
    self.options = options
  }

  /// What is known now, with the time at which the source last confirmed it; `nil` before its first
  /// word.
  public var current: Resolution? { state.withLock(\.ledger.current) }

  /// Watches the source until the task is cancelled. One task at a time runs it: for a second one it
  /// returns at once.
  public func run() async {
    guard begin() else { return }
    defer { end() }
    let feed = ResolutionFeed { [weak self] outcome in self?.record(outcome) }
    let hints = ResolverHints(signal: granted, clock: options.clock)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.source.watch(feed, hints: hints) }
      group.addTask { await self.deliver() }
      group.addTask { await self.grantHints() }
    }
  }

  /// Asks the source to look again soon, because an endpoint could not be reached for example. Only
  /// a hint: its rate is limited, and a source that is told of every change has no need of it.
  public func resolveNow() {
    asked.set()
  }

  private func begin() -> Bool {
    state.withLock { state in
      guard !state.isRunning else { return false }
      state.isRunning = true
      return true
    }
  }

  private func end() {
    let readers = state.withLock { state in
      state.isRunning = false
      let readers = state.readers
      state.readers = [:]
      return readers
    }
    for reader in readers.values { reader.finish() }
  }

  private func record(_ outcome: ResolutionOutcome) {
    let now = options.now()
    state.withLock { state in
      switch outcome {
      case .answered(let endpoints, let failure):
        state.ledger.answered(endpoints, beside: failure, at: now)
      case .failed(let failure):
        state.ledger.failed(failure)
      }
    }
    news.set()
  }

  /// Tells readers what is new, no more often than allowed.
  private func deliver() async {
    while await news.wait() {
      if options.settleTime > .zero {
        // Cancelled: the loop ends at the next wait.
        try? await options.clock.sleep(for: options.settleTime)
      }
      guard let told = takeNews() else { continue }
      // Not under the lock: a yield waits for a reader that is being cancelled, and that one waits for
      // the lock to leave. Only this task tells what is new, so everybody sees the same order.
      for reader in told.readers { reader.yield(told.resolution) }
      if options.minimumInterval > .zero {
        try? await options.clock.sleep(for: options.minimumInterval)
      }
    }
  }

  private func takeNews() -> (
    resolution: Resolution, readers: [AsyncStream<Resolution>.Continuation]
  )? {
    state.withLock { state in
      guard let resolution = state.ledger.takeNews() else { return nil }
      state.latest = resolution
      return (resolution, Array(state.readers.values))
    }
  }

  private func grantHints() async {
    while await asked.wait() {
      granted.set()
      try? await options.clock.sleep(for: options.minimumHintInterval)
    }
  }
}

extension Resolver {
  /// One reader's place in the sequence.
  public struct AsyncIterator: AsyncIteratorProtocol {
    var stream: AsyncStream<Resolution>.AsyncIterator

    /// The latest resolution that this reader has not seen; `nil` when the resolver's run ended or
    /// the task was cancelled.
    public mutating func next() async -> Resolution? { await stream.next() }

    public mutating func next(isolation actor: isolated (any Actor)?) async -> Resolution? {
      await stream.next(isolation: actor)
    }
  }

  public func makeAsyncIterator() -> AsyncIterator {
    let (stream, continuation) = AsyncStream<Resolution>.makeStream(
      bufferingPolicy: .bufferingNewest(1))
    let id = state.withLock { state in
      let id = state.nextReader
      state.nextReader += 1
      // Before anybody can read, and so without a wait; a later one comes after it.
      if let latest = state.latest { continuation.yield(latest) }
      state.readers[id] = continuation
      return id
    }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { $0.readers[id] = nil }
    }
    return AsyncIterator(stream: stream.makeAsyncIterator())
  }
}
