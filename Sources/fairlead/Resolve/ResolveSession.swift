import ArgumentParser
import FairleadDiscovery

/// One run of the command: a resolver, and what is printed of it.
struct ResolveSession: Sendable {
  private let resolver: Resolver
  private let printer: ResolutionPrinter
  private let clock: WallClock

  init(_ resolver: Resolver, _ printer: ResolutionPrinter, clock: WallClock) {
    self.resolver = resolver
    self.printer = printer
    self.clock = clock
  }

  /// Prints the first word of the source. Fails if it is a failure, or nothing.
  func once(within limit: Duration) async throws {
    guard let resolution = await first(within: limit) else {
      throw CommandFailure(
        "There is no answer for \(printer.target) within \(DurationArgument(limit)); check that its "
          + "source is up, or give it longer with --timeout.")
    }
    if let failure = resolution.failure, !printer.isJSON {
      guard !resolution.endpoints.isEmpty else { throw CommandFailure(failure.message) }
      Console.error(failure.message)
    }
    Console.line(try printer.text(resolution, at: .now))
    if resolution.endpoints.isEmpty || resolution.failure != nil { throw ExitCode(1) }
  }

  /// Prints each change until the command is interrupted.
  func watch() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await resolver.run() }
      group.addTask {
        var known: Resolution?
        for await resolution in resolver {
          let time = WallClock.text(clock.now)
          for line in try printer.changes(from: known, to: resolution, time: time) {
            Console.line(line)
          }
          known = resolution
        }
      }
      defer { group.cancelAll() }
      while try await group.next() != nil {}
    }
  }

  private func first(within limit: Duration) async -> Resolution? {
    await withTaskGroup(of: Resolution?.self) { group in
      group.addTask {
        await resolver.run()
        return nil
      }
      group.addTask {
        var reader = resolver.makeAsyncIterator()
        return await reader.next()
      }
      group.addTask {
        // Cancelled: there is an answer.
        try? await ContinuousClock().sleep(for: limit)
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
  }
}
