import FairleadBalancing

/// How patient a reflector is.
struct ReflectorTimes: Sendable {
  var backoff: Backoff
  var watchTimeout: Range<Duration>
  var shortWatch: Duration
  var missingInterval: Duration
  var maximumRetryAfter: Duration
  /// An API that was there must be absent so many times in a row, so far apart, before it is
  /// believed to be gone.
  var absencesToBelieve = 3
  var absenceInterval = Duration.seconds(5)

  init(_ options: KubernetesOptions) {
    backoff = options.backoff
    watchTimeout = options.watchTimeout
    shortWatch = options.shortWatch
    missingInterval = options.missingInterval
    maximumRetryAfter = options.maximumRetryAfter
  }

  /// In whole seconds, as the API wants it.
  func timeout(_ random: RandomSource) -> Duration {
    let low = watchTimeout.lowerBound.components.seconds
    let span = watchTimeout.upperBound.components.seconds - low
    return .seconds(low + Int64(random.nextUnit() * Double(span)))
  }

  /// Up to a fifth more or less, so that many clients do not come at one moment.
  func jittered(_ duration: Duration, _ random: RandomSource) -> Duration {
    duration * (0.8 + 0.4 * random.nextUnit())
  }

  /// Up to a fifth more.
  func spread(_ duration: Duration, _ random: RandomSource) -> Duration {
    duration * (1 + 0.2 * random.nextUnit())
  }
}
