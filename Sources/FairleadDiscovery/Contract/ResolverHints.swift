/// Asks a source to look again before it would by itself. They come no more often than the
/// resolver allows; those that come while one waits are one.
public struct ResolverHints: Sendable {
  let signal: Signal
  let clock: any Clock<Duration>

  /// Waits for a hint, for so long at most. Returns whether there was one; `false`, too, when the
  /// task is cancelled.
  public func wait(upTo limit: Duration) async -> Bool {
    await signal.wait(upTo: limit, clock: clock)
  }

  /// Waits for a hint. `false` when the task is cancelled.
  public func wait() async -> Bool {
    await signal.wait()
  }
}
