import FairleadBalancing

/// Decides how a list and then watches follow each other, for ever: client-go's Reflector, with
/// these differences: a relist never empties what is known, and every failure is told.
///
/// Each method says what happened and returns what to do next. Knows no clock and does no I/O.
struct ReflectorMachine: Sendable {
  enum Step: Sendable, Hashable {
    case list(ListQuery)
    case watch(WatchQuery)
    /// Then ``waited()``.
    case wait(Duration)
  }

  /// One page.
  struct ListQuery: Sendable, Hashable {
    var version: String
    /// "0": whatever the server has at hand; empty: the newest.
    var revision: String
    /// Of the page before; `nil` for the first page.
    var continuation: String?
  }

  struct WatchQuery: Sendable, Hashable {
    var version: String
    /// Where the last list or event was.
    var revision: String
    var timeout: Duration
  }

  enum News: Sendable, Hashable {
    case synced
    case missing
    case failed(KubernetesFailure)
  }

  struct Outcome: Sendable, Hashable {
    var step: Step
    var news: News?
  }

  /// How a watch ended.
  enum WatchEnd: Sendable, Hashable {
    /// By the server, or by the connection, in the middle of a line perhaps.
    case closed
    /// It was silent for longer than it may be.
    case silent
    case failed(KubernetesFailure)
  }

  private enum Plan: Sendable {
    case list(ListQuery)
    case watch
  }

  private let versions: [String]
  private let mayBeMissing: Bool
  private let times: ReflectorTimes
  private let random: RandomSource

  private var versionIndex = 0
  private var plan: Plan
  /// Where the next watch begins.
  private var revision = ""
  /// In a row, without an event in between; so are the others.
  private var failures = 0
  private var expirations = 0
  /// Events and lines that could not be used.
  private var strikes = 0
  private var absences = 0
  private var hasSynced = false
  private var isMissing = false
  private var eventsInWatch = 0

  /// - Parameters:
  ///   - versions: of the API, the preferred one first; the first that the server has is used.
  ///   - mayBeMissing: whether there are clusters without the API. Where there is none, "not found" is a failure: what
  ///     answers so is not the API server, or not at this address.
  init(
    versions: [String], mayBeMissing: Bool, times: ReflectorTimes, random: RandomSource
  ) {
    self.versions = versions
    self.mayBeMissing = mayBeMissing
    self.times = times
    self.random = random
    plan = .list(ListQuery(version: versions[0], revision: "0"))
  }

  mutating func start() -> Step { next() }

  mutating func waited() -> Step { next() }

  private mutating func next() -> Step {
    switch plan {
    case .list(let query): return .list(query)
    case .watch:
      eventsInWatch = 0
      return .watch(
        WatchQuery(
          version: versions[versionIndex], revision: revision, timeout: times.timeout(random)))
    }
  }

  // MARK: Lists

  /// A page has come.
  ///
  /// - Parameter continuation: of the page; `nil` or empty if it is the last one.
  mutating func listed(
    _ query: ListQuery, continuation: String?, revision: String
  ) -> Outcome {
    if let continuation, !continuation.isEmpty {
      var query = query
      query.continuation = continuation
      // It says which revision it continues.
      query.revision = ""
      plan = .list(query)
      return Outcome(step: next())
    }
    self.revision = revision
    hasSynced = true
    isMissing = false
    absences = 0
    plan = .watch
    return Outcome(step: next(), news: .synced)
  }

  mutating func listFailed(_ query: ListQuery, _ failure: KubernetesFailure) -> Outcome {
    switch failure.kind {
    case .expired:
      return relist()
    case .notFound where query.continuation == nil && mayBeMissing:
      return absent(failure)
    case .credentials, .unreachable, .certificate, .unauthorized, .forbidden, .notFound,
      .overloaded, .refused, .malformed, .tooLarge:
      return failed(failure)
    }
  }

  private mutating func absent(_ failure: KubernetesFailure) -> Outcome {
    if versionIndex + 1 < versions.count {
      versionIndex += 1
      plan = .list(ListQuery(version: versions[versionIndex], revision: "0"))
      return Outcome(step: next())
    }
    versionIndex = 0
    plan = .list(ListQuery(version: versions[0], revision: "0"))
    absences += 1
    if hasSynced, !isMissing, absences < times.absencesToBelieve {
      // A server that has just begun may not know its own APIs yet.
      return Outcome(
        step: .wait(times.jittered(times.absenceInterval, random)), news: .failed(failure))
    }
    hasSynced = true
    isMissing = true
    return Outcome(step: .wait(times.jittered(times.missingInterval, random)), news: .missing)
  }

  // MARK: Watches

  /// An event has come. A bookmark is one that only moves the revision.
  mutating func received(revision: String?) {
    eventsInWatch += 1
    failures = 0
    expirations = 0
    strikes = 0
    if let revision, !revision.isEmpty { self.revision = revision }
  }

  mutating func watchEnded(_ end: WatchEnd, lasted: Duration) -> Outcome {
    let isLong = lasted >= times.shortWatch
    if isLong || eventsInWatch > 0 {
      failures = 0
      expirations = 0
    }
    switch end {
    case .closed, .silent:
      return closed(isLong: isLong)
    case .failed(let failure):
      return watchFailed(failure, isLong: isLong)
    }
  }

  private mutating func closed(isLong: Bool) -> Outcome {
    if isLong { return Outcome(step: next()) }
    if eventsInWatch > 0 {
      // Not a failure, but a server that does this again and again is not to be run down.
      return Outcome(step: .wait(times.backoff.delay(attempt: 1, random: random)))
    }
    return failed(
      KubernetesFailure(.unreachable, "The watch ended at once and without an event."))
  }

  private mutating func watchFailed(_ failure: KubernetesFailure, isLong: Bool) -> Outcome {
    switch failure.kind {
    case .expired:
      return relist()
    case .notFound:
      versionIndex = 0
      plan = .list(ListQuery(version: versions[0], revision: "0"))
      // A server that lists what it does not watch is not to be run down.
      return failed(failure)
    case .unreachable where isLong:
      // A connection that was good was cut; most likely the next one is good.
      return Outcome(step: next())
    case .refused, .malformed, .tooLarge:
      strikes += 1
      // What cannot be read from here may be read as a whole.
      if strikes > 1 { plan = .list(ListQuery(version: versions[versionIndex], revision: "")) }
      return failed(failure)
    case .credentials, .unreachable, .certificate, .unauthorized, .forbidden, .overloaded:
      return failed(failure)
    }
  }

  // MARK: Both

  /// The revision is gone: only a new list of the newest helps, at once the first time.
  private mutating func relist() -> Outcome {
    expirations += 1
    plan = .list(ListQuery(version: versions[versionIndex], revision: ""))
    guard expirations > 1 else { return Outcome(step: next()) }
    return Outcome(step: .wait(times.backoff.delay(attempt: expirations - 1, random: random)))
  }

  private mutating func failed(_ failure: KubernetesFailure) -> Outcome {
    failures += 1
    var delay = times.backoff.delay(attempt: failures, random: random)
    if let wish = failure.retryAfter {
      // All clients were told the same.
      delay = max(delay, times.spread(min(wish, times.maximumRetryAfter), random))
    }
    return Outcome(step: .wait(delay), news: .failed(failure))
  }
}
