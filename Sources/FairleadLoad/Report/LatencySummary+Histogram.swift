extension LatencySummary {
  /// Of forty bounds in a decade, which are kept: every one, every second …, one in a decade, one in three.
  private static let coarser = [1, 2, 4, 8, 20, 40, 120]

  /// The histogram in at most so many buckets, as far as that goes: bounds stay round numbers.
  ///
  /// - Parameter limit: At least 5, or the longest ranges have more.
  package func histogram(atMost limit: Int) -> [Bucket] {
    var buckets = histogram
    for step in Self.coarser where buckets.count > limit {
      buckets = Self.merged(histogram, step: step)
    }
    return buckets
  }

  private static func merged(_ buckets: [Bucket], step: Int) -> [Bucket] {
    var merged: [Bucket] = []
    for bucket in buckets {
      let index = RoundNumbers.index(atLeast: bucket.upToSeconds)
      let upper = index + (step - index % step) % step
      let (from, upTo) = (RoundNumbers.value(at: upper - step), RoundNumbers.value(at: upper))
      var calls = bucket.calls
      if let last = merged.last, last.upToSeconds == upTo {
        calls += last.calls
        merged.removeLast()
      }
      merged.append(Bucket(fromSeconds: from, upToSeconds: upTo, calls: calls))
    }
    return merged
  }
}
