import FairleadBalancing
import FairleadDiscovery

/// Which of several servers is asked next: one that worked is kept; one that failed is left alone for
/// a time that grows, while the others are tried. Knows no clock.
struct EtcdServerRotation: Sendable {
  typealias Instant = ContinuousClock.Instant

  enum Step: Sendable, Equatable {
    /// The server with this index.
    case use(Int)
    /// All have failed not long ago: none before this time is over.
    case wait(Duration)
  }

  private struct Record: Sendable {
    var failures = 0
    var restsUntil: Instant?
    var failure: ResolutionFailure?
  }

  /// A session that held this long counts as a good one, whatever ended it.
  static let goodSession = Duration.seconds(5)

  /// In the order in which servers are tried, which differs from client to client.
  private let order: [Int]
  private let backoff: Backoff
  private let random: RandomSource
  /// In the order in which the servers were named.
  private var records: [Record]
  /// Into `order`: who is tried first.
  private var position = 0

  /// - Parameter count: how many servers there are, at least 1.
  init(count: Int, backoff: Backoff, random: RandomSource) {
    self.backoff = backoff
    self.random = random
    records = Array(repeating: Record(), count: count)
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, random.next(below: last + 1))
    }
    self.order = order
  }

  mutating func next(at now: Instant) -> Step {
    for offset in order.indices {
      let place = (position + offset) % order.count
      guard records[order[place]].restsUntil.map({ $0 <= now }) ?? true else { continue }
      position = place
      return .use(order[place])
    }
    let earliest = records.compactMap(\.restsUntil).min() ?? now
    return .wait(now.duration(to: earliest))
  }

  /// A session with a server ended, having held for so long.
  mutating func failed(
    _ server: Int, with failure: ResolutionFailure, after lifetime: Duration, at now: Instant
  ) {
    if lifetime >= Self.goodSession { records[server].failures = 0 }
    records[server].failures += 1
    records[server].failure = failure
    let delay = backoff.delay(attempt: records[server].failures, random: random)
    records[server].restsUntil = now + delay
    position = (position + 1) % order.count
  }

  /// Somebody has reason to believe that trying now is worth it.
  mutating func endRests() {
    for index in records.indices { records[index].restsUntil = nil }
  }

  /// What is wrong with the servers, each in its words; `nil` if none has failed.
  var failure: ResolutionFailure? {
    let failures = records.compactMap(\.failure)
    guard let first = failures.first, failures.count > 1 else { return failures.first }
    let sentences = failures.map(\.message).joined(separator: " ")
    return ResolutionFailure(first.kind, "No etcd server can be used: \(sentences)")
  }
}
