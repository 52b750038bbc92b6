import FairleadDiscovery
import Synchronization

/// Runs one resolver for each target that is wanted, for as long as it is. All methods can be called
/// from any thread.
package final class ResolverPool: Sendable {
  private let registry: ResolverRegistry
  private let options: DiscoveryOptions
  private let state = Mutex(State())
  private let wakeUps: AsyncStream<Void>
  private let wakeUp: AsyncStream<Void>.Continuation

  private struct State {
    var wanted = Set<String>()
    var running: [String: Running] = [:]
  }

  private struct Running {
    let resolver: Resolver
    /// Finished when the target is not wanted any more.
    let stop: AsyncStream<Never>.Continuation
  }

  package init(registry: ResolverRegistry, options: DiscoveryOptions) {
    self.registry = registry
    self.options = options
    (wakeUps, wakeUp) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// From now on exactly these targets are resolved.
  package func want(_ targets: Set<String>) {
    let isNew = state.withLock { state in
      defer { state.wanted = targets }
      return state.wanted != targets
    }
    if isNew { wakeUp.yield() }
  }

  /// Asks the resolvers of these targets to look again soon.
  package func resolveNow(_ targets: some Sequence<String>) {
    let resolvers = state.withLock { state in targets.compactMap { state.running[$0]?.resolver } }
    for resolver in resolvers { resolver.resolveNow() }
  }

  /// How each resolver is doing, by target.
  package func statuses(at now: ContinuousClock.Instant) -> [ResolverStatus] {
    let running = state.withLock(\.running)
    return running.sorted { $0.key < $1.key }.map { target, running in
      ResolverStatus(target: target, resolution: running.resolver.current, at: now)
    }
  }

  /// Resolves until the task is cancelled.
  ///
  /// - Parameter tell: takes a target and each resolution of it.
  func run(_ tell: @escaping @Sendable (String, Resolution) -> Void) async {
    await withDiscardingTaskGroup { group in
      for await _ in wakeUps {
        for (target, resolver, stop) in change(tell) {
          group.addTask {
            await Self.run(resolver, until: stop) { resolution in
              // The last word of one that is being stopped must not count for its successor.
              if self.isCurrent(resolver, for: target) { tell(target, resolution) }
            }
          }
        }
      }
      group.cancelAll()
    }
  }

  /// Stops what is not wanted any more; what has to be started.
  private func change(
    _ tell: (String, Resolution) -> Void
  ) -> [(String, Resolver, AsyncStream<Never>)] {
    let new = state.withLock { state in
      for target in state.running.keys where !state.wanted.contains(target) {
        state.running.removeValue(forKey: target)?.stop.finish()
      }
      return state.wanted.filter { state.running[$0] == nil }
    }
    return new.sorted().compactMap { target in
      switch resolver(for: target) {
      case .success(let resolver):
        let (stop, continuation) = AsyncStream<Never>.makeStream()
        state.withLock { $0.running[target] = Running(resolver: resolver, stop: continuation) }
        return (target, resolver, stop)
      case .failure(let failure):
        tell(target, Resolution(endpoints: [], answeredAt: nil, failure: failure))
        return nil
      }
    }
  }

  private func isCurrent(_ resolver: Resolver, for target: String) -> Bool {
    state.withLock { $0.running[target]?.resolver === resolver }
  }

  private func resolver(for target: String) -> Result<Resolver, ResolutionFailure> {
    Result { () throws(ResolutionFailure) in
      try registry.resolver(for: try registry.target(target), options: options)
    }
  }

  private static func run(
    _ resolver: Resolver, until stop: AsyncStream<Never>,
    _ tell: @escaping @Sendable (Resolution) -> Void
  ) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await resolver.run() }
      group.addTask {
        for await resolution in resolver { tell(resolution) }
      }
      for await _ in stop {}
      group.cancelAll()
    }
  }
}
