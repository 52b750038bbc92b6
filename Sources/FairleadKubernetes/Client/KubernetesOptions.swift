import FairleadBalancing
import Foundation
import Logging

/// What everything that speaks to an API server is made with: time, chance, and how patient it is.
package struct KubernetesOptions: Sendable {
  /// What waiting is measured by.
  package var clock: any Clock<Duration> = ContinuousClock()
  /// The time, for ages.
  package var now: @Sendable () -> ContinuousClock.Instant = { .now }
  /// The time of day, which tells whether an exec plugin's credentials have expired.
  package var wallClock: @Sendable () -> Date
  /// For jitter.
  package var random: RandomSource
  package var logger = Logger(
    label: "fairlead.kubernetes", factory: { _ in SwiftLogNoOpLogHandler() })

  /// Where this process runs, for the hints of EndpointSlices; `nil` if that is not known.
  package var zone: String?
  package var nodeName: String?

  /// How long one page of a list may take.
  package var listTimeout = Duration.seconds(60)
  /// How long a connection may take.
  package var connectTimeout = Duration.seconds(10)
  /// How long the server is asked to keep a watch open, drawn anew for each.
  package var watchTimeout = Duration.seconds(300)..<Duration.seconds(600)
  /// How much longer than that a watch is waited for.
  package var watchGrace = Duration.seconds(30)
  /// A watch that ends sooner than this without a single event has failed.
  package var shortWatch = Duration.seconds(1)
  /// Between two attempts after a failure.
  package var backoff = Backoff(initial: .milliseconds(200), multiplier: 2, maximum: .seconds(15))
  /// The longest that a server may ask us to wait.
  package var maximumRetryAfter = Duration.seconds(120)
  /// Between two looks for an API that the server does not have.
  package var missingInterval = Duration.seconds(60)
  /// How long an exec plugin may run.
  package var pluginTimeout = Duration.seconds(60)
  package var limits = Limits()

  /// - Parameters:
  ///   - seed: of everything random.
  ///   - wallClock: the time of day.
  package init(seed: UInt64, wallClock: @escaping @Sendable () -> Date) {
    random = RandomSource(seed: seed)
    self.wallClock = wallClock
  }

  /// How much of an answer is taken.
  package struct Limits: Sendable {
    /// Objects that a page of a list is asked to have.
    package var pageSize = 500
    /// Bytes of one object, in a list or in an event. etcd holds 1.5 MiB at most.
    package var object = 8 << 20
    /// Bytes of all pages of one list, as they come.
    package var list = 1 << 30
    /// Bytes of an error's body that are read.
    package var error = 64 << 10

    package init() {}
  }
}
