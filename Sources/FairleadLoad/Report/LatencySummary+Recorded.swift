extension LatencySummary {
  /// The summary of what was recorded; nil when that is nothing.
  ///
  /// - Parameter recorded: In any order; values that nobody had may be among them.
  package init?(recorded: [RecordedLatency], isMeasuredFromIntendedStart: Bool) {
    let values = recorded.filter { $0.calls > 0 }.sorted { $0.nanoseconds < $1.nanoseconds }
    guard let first = values.first, let last = values.last else { return nil }
    let total = values.reduce(0) { $0 + $1.calls }
    let mean = values.reduce(0) { $0 + $1.seconds * Double($1.calls) } / Double(total)
    let squares = values.reduce(0) { sum, value in
      sum + (value.seconds - mean) * (value.seconds - mean) * Double(value.calls)
    }
    minSeconds = first.seconds
    meanSeconds = mean
    standardDeviationSeconds = (squares / Double(total)).squareRoot()
    maxSeconds = last.seconds
    percentiles = Self.percentiles(Self.usualPercentiles, of: values, total: total)
    curve = Self.percentiles(Self.steps(total: total), of: values, total: total)
    histogram = Self.histogram(of: values)
    self.isMeasuredFromIntendedStart = isMeasuredFromIntendedStart
  }

  /// The value of the call at each percentile: of 200 calls, p99 is the 198th.
  ///
  /// - Parameter wanted: In ascending order.
  private static func percentiles(
    _ wanted: [Double], of values: [RecordedLatency], total: Int
  ) -> [Percentile] {
    var found: [Percentile] = []
    var (index, passed) = (0, 0)
    for percentile in wanted {
      // What binary fractions add to 99.9 / 100 × 1000 must not push it to the next call.
      let rank = max(1, (percentile / 100 * Double(total) - 1e-6).rounded(.up))
      while index < values.count - 1, Double(passed + values[index].calls) < rank {
        passed += values[index].calls
        index += 1
      }
      found.append(Percentile(percentile: percentile, seconds: values[index].seconds))
    }
    return found
  }

  /// Five steps for each half of the way to 100 % that is left, until one call is less than a step; then 100. At least 0 and
  /// 100.
  private static func steps(total: Int) -> [Double] {
    var steps: [Double] = []
    var left = 100.0
    let one = 100 / Double(total)
    while left > one, steps.count < 300 {
      steps += (0..<5).map { 100 - left + left / 2 * Double($0) / 5 }
      left /= 2
    }
    return (steps.isEmpty ? [0] : steps) + [100]
  }

  private static func histogram(of values: [RecordedLatency]) -> [Bucket] {
    guard let first = values.first, let last = values.last else { return [] }
    let lowest = RoundNumbers.index(atLeast: first.seconds)
    let highest = RoundNumbers.index(atLeast: last.seconds)
    var counts = Array(repeating: 0, count: highest - lowest + 1)
    for value in values {
      counts[RoundNumbers.index(atLeast: value.seconds) - lowest] += value.calls
    }
    return counts.indices.map { offset in
      Bucket(
        fromSeconds: RoundNumbers.value(at: lowest + offset - 1),
        upToSeconds: RoundNumbers.value(at: lowest + offset), calls: counts[offset])
    }
  }
}
