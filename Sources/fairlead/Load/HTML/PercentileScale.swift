import Foundation

/// The axis of percentiles: as much room from 90 % to 99 % as from 99 % to 99.9 %, so that the slowest calls can be seen.
struct PercentileScale: Sendable {
  /// Powers of ten on the axis: 3 ends at 99.9 %.
  private let decades: Double

  /// - Parameter calls: One of so many is the last that the axis tells apart.
  init(calls: Int) {
    decades = min(max(log10(Double(max(calls, 1))), 1), 7)
  }

  /// From 0 for 0 % to 1 for the end of the axis.
  func place(_ percentile: Double) -> Double {
    let left = max(1 - percentile / 100, 1e-12)
    return min(max(-log10(left) / decades, 0), 1)
  }

  /// 0 %, 50 %, 90 %, 99 % and so on to the end.
  var ticks: [ChartScale.Tick] {
    let values: [(Double, String)] = [
      (0, "0%"), (50, "50%"), (90, "90%"), (99, "99%"), (99.9, "99.9%"), (99.99, "99.99%"),
      (99.999, "99.999%"), (99.9999, "99.9999%"),
    ]
    let fitting = values.filter { -log10(1 - $0.0 / 100) <= decades + 0.01 }
    // On a long axis the first two would touch.
    return fitting.filter { $0.0 != 50 || decades < 3.5 }.map {
      ChartScale.Tick(place: place($0.0), label: $0.1)
    }
  }
}
