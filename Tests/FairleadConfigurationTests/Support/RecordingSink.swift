import FairleadConfiguration
import FairleadDiscovery
import Synchronization

/// Takes configurations down, in their order, and can be held up while it applies one.
final class RecordingSink: ConfigurationSink {
  let applied: AsyncStream<AppliedConfiguration>
  let words: AsyncStream<String>
  private let tellApplied: AsyncStream<AppliedConfiguration>.Continuation
  private let tellWord: AsyncStream<String>.Continuation
  private let gate = Mutex<AsyncStream<Never>?>(nil)

  init() {
    (applied, tellApplied) = AsyncStream.makeStream()
    (words, tellWord) = AsyncStream.makeStream()
  }

  /// From now on applying takes until the returned continuation is finished.
  func hold() -> AsyncStream<Never>.Continuation {
    let (stream, continuation) = AsyncStream<Never>.makeStream()
    gate.withLock { $0 = stream }
    return continuation
  }

  func apply(_ configuration: AppliedConfiguration) async {
    tellApplied.yield(configuration)
    let gate = gate.withLock { gate in
      defer { gate = nil }
      return gate
    }
    if let gate { for await _ in gate {} }
  }

  func resolverDidChange(_ target: String, to resolution: Resolution) async {
    tellWord.yield("\(target): \(resolution.failure?.message ?? "well")")
  }
}
