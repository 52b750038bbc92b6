import FairleadDiscovery
import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// The answers of a resolver as grpc-swift takes them, anew for each iterator.
///
/// Each iterator has a resolver of its own. grpc-swift gives an iterator no scope in which it could
/// run that as a child, so a task of the iterator's stream runs it: it begins with the first call of
/// `next()` and is cancelled when the iterator is given up, throws, or its task is cancelled.
struct ResolvedNames: AsyncSequence, Sendable {
  typealias Element = NameResolutionResult
  typealias Failure = any Error

  let target: String
  let factory: NameResolvers.Fairlead

  func makeAsyncIterator() -> Iterator {
    Iterator(names: self)
  }

  struct Iterator: AsyncIteratorProtocol {
    fileprivate let names: ResolvedNames
    private var results: AsyncThrowingStream<NameResolutionResult, any Error>.Iterator?

    fileprivate init(names: ResolvedNames) {
      self.names = names
    }

    /// The next answer.
    ///
    /// - Throws: `CancellationError` when the task is cancelled, which ends resolving for good; an
    ///   `RPCError` while there is no endpoint, after which the transport makes a new iterator.
    mutating func next() async throws -> NameResolutionResult? {
      try await next(isolation: nil)
    }

    mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws -> NameResolutionResult? {
      try Task.checkCancellation()
      if results == nil { results = try names.results().makeAsyncIterator() }
      let result = try await results?.next(isolation: actor)
      // A stream ends without an error when the task is cancelled, or after one.
      if result == nil { try Task.checkCancellation() }
      return result
    }
  }

  private func results() throws -> AsyncThrowingStream<NameResolutionResult, any Error> {
    let resolver: Resolver
    do {
      resolver = try factory.registry.resolver(
        for: factory.registry.target(target), options: factory.options)
    } catch {
      throw RPCError(error)
    }
    return AsyncThrowingStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
      let feed = NameFeed(target: target, continuation: continuation)
      let (interval, clock) = (factory.repeatInterval, factory.options.resolver.clock)
      let task = Task {
        await withTaskGroup(of: Void.self) { group in
          group.addTask { await resolver.run() }
          group.addTask { for await resolution in resolver { feed.take(resolution) } }
          group.addTask {
            while (try? await clock.sleep(for: interval)) != nil { feed.tellAgain() }
          }
        }
        continuation.finish()
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }
}
