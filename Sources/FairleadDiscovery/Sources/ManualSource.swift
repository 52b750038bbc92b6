import FairleadBalancing
import Synchronization

/// Endpoints that the program sets itself. Safe to use from any thread, before a resolver runs and
/// while it does; one resolver at a time watches it.
public final class ManualSource: EndpointSource {
  private struct State {
    var answer: [ResolvedEndpoint]?
    var failure: ResolutionFailure?
    var feed: ResolutionFeed?
  }

  private let state = Mutex(State())

  public init() {}

  /// These are all the endpoints now, none perhaps.
  public func set(_ endpoints: [ResolvedEndpoint]) {
    tell { state in
      state.answer = endpoints
      state.failure = nil
    }
  }

  /// These are all the endpoints now, each of them ready.
  public func set(_ endpoints: [Endpoint]) {
    set(endpoints.map { ResolvedEndpoint($0) })
  }

  /// It cannot be said which endpoints there are. Those that were set last stay.
  public func fail(_ failure: ResolutionFailure) {
    tell { $0.failure = failure }
  }

  public func watch(_ feed: ResolutionFeed, hints: ResolverHints) async {
    tell { $0.feed = feed }
    // There is nobody to ask: the program tells.
    while await hints.wait() {}
    state.withLock { $0.feed = nil }
  }

  /// Told under the lock, so that two threads' words come in the order in which they were set; a
  /// feed only takes them down.
  private func tell(_ change: (inout State) -> Void) {
    state.withLock { state in
      change(&state)
      guard let feed = state.feed else { return }
      if let failure = state.failure {
        feed.failed(failure)
      } else if let answer = state.answer {
        feed.answered(answer)
      }
    }
  }
}
