extension LatencySummary {
  /// Of forty bounds in a decade, which are kept: every one, every second …, one in a decade, one in three.
  private static let steps = [1, 2, 4, 8, 20, 40, 120]

  /// The histogram in at most so many buckets, as far as that goes: bounds stay round numbers.
  ///
  /// - Parameter limit: At least 5, or the longest ranges have more.
  package func histogram(atMost limit: Int) -> [Bucket] {
    histogram(step: Self.step(for: [self], atMost: limit))
  }

  /// The histogram with every bound left out but each `step`th, counted from a power of ten.
  ///
  /// - Parameter step: One that ``step(for:atMost:)`` gives.
  package func histogram(step: Int) -> [Bucket] {
    var merged: [Bucket] = []
    for bucket in histogram {
      let upper = Self.rounded(RoundNumbers.index(atLeast: bucket.upToSeconds), to: step)
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

  /// The finest step with which the histograms of all the summaries together are at most so many buckets wide.
  package static func step(for summaries: [LatencySummary], atMost limit: Int) -> Int {
    let bounds = summaries.flatMap { summary in
      [summary.histogram.first, summary.histogram.last].compactMap { $0?.upToSeconds }
    }
    guard let least = bounds.min(), let most = bounds.max() else { return 1 }
    let first = RoundNumbers.index(atLeast: least)
    let last = RoundNumbers.index(atLeast: most)
    let fitting = steps.first { (rounded(last, to: $0) - rounded(first, to: $0)) / $0 < limit }
    return fitting ?? steps[steps.count - 1]
  }

  /// The next multiple of `step`, or the index itself.
  private static func rounded(_ index: Int, to step: Int) -> Int {
    index + (step - index % step) % step
  }
}
