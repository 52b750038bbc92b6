import FairleadLoad
import Foundation

/// How a value becomes a place on an axis, and which values are written on it.
struct ChartScale: Sendable {
  /// A value that is written on the axis.
  struct Tick: Sendable, Hashable {
    /// From 0 at the axis's beginning to 1 at its end.
    let place: Double
    let label: String
  }

  /// How places are made from values.
  private enum Kind {
    case linear
    case logarithmic
  }

  let lowest: Double
  let highest: Double
  let ticks: [Tick]
  private let kind: Kind

  /// From 0 to 1; what is beyond the axis stands at its end.
  func place(_ value: Double) -> Double {
    Self.place(value, lowest, highest, kind)
  }

  /// From 0 to at least `highest`, with round steps.
  ///
  /// - Parameter isWhole: Whether there is nothing between whole numbers.
  static func linear(
    upTo highest: Double, count: Int = 5, isWhole: Bool = false, label: (Double) -> String
  ) -> ChartScale {
    let highest = highest > 0 && highest.isFinite ? highest : 1
    let exact = roundStep(highest / Double(count))
    let step = isWhole ? exact.rounded(.up) : exact
    let steps = Int((highest / step - 1e-9).rounded(.up))
    let end = step * Double(steps)
    let ticks = (0...steps).map { index in
      Tick(place: Double(index) / Double(steps), label: label(step * Double(index)))
    }
    return ChartScale(lowest: 0, highest: end, ticks: ticks, kind: .linear)
  }

  /// From 0 to exactly `highest`, with round steps below it.
  static func time(upTo highest: Double, label: (Double) -> String) -> ChartScale {
    let highest = highest > 0 && highest.isFinite ? highest : 1
    let step = roundStep(highest / 6)
    let ticks = stride(from: 0, through: highest * (1 + 1e-9), by: step).map {
      Tick(place: $0 / highest, label: label($0))
    }
    return ChartScale(lowest: 0, highest: highest, ticks: ticks, kind: .linear)
  }

  /// From `lowest` to `highest` by factors; 1, 2 and 5 of each decade are written, or 1 alone where there are many. Where there
  /// are hardly any, numbers with round steps between them are.
  static func logarithmic(
    from lowest: Double, to highest: Double, label: (Double) -> String
  ) -> ChartScale {
    let lowest = max(lowest, 1e-9)
    let highest = max(highest, lowest * 1.5)
    let decades = Int(log10(lowest).rounded(.down))...Int(log10(highest).rounded(.up))
    func values(_ factors: [Double]) -> [Double] {
      let powers = decades.flatMap { decade in factors.map { $0 * pow(10, Double(decade)) } }
      return powers.filter { $0 >= lowest * 0.999 && $0 <= highest * 1.001 }
    }
    let isLong = log10(highest / lowest) > 2.2
    let choices = (isLong ? [values([1])] : []) + [values([1, 2, 5])]
    let values = choices.first { $0.count >= 3 } ?? roundValues(from: lowest, to: highest)
    let ticks = values.map {
      Tick(place: place($0, lowest, highest, .logarithmic), label: label($0))
    }
    return ChartScale(lowest: lowest, highest: highest, ticks: ticks, kind: .logarithmic)
  }

  /// Multiples of a round step, four to eight of them.
  private static func roundValues(from lowest: Double, to highest: Double) -> [Double] {
    let step = roundStep((highest - lowest) / 8)
    let first = (lowest / step * (1 - 1e-9)).rounded(.up)
    let last = (highest / step * (1 + 1e-9)).rounded(.down)
    return stride(from: first, through: last, by: 1).map { $0 * step }
  }

  private static func place(
    _ value: Double, _ lowest: Double, _ highest: Double, _ kind: Kind
  ) -> Double {
    let place =
      switch kind {
      case .linear: (value - lowest) / (highest - lowest)
      case .logarithmic: log(max(value, lowest) / lowest) / log(highest / lowest)
      }
    return place.isFinite ? min(max(place, 0), 1) : 0
  }

  /// The least of 1, 2, 2.5 and 5 times a power of ten that is not below `step`.
  private static func roundStep(_ step: Double) -> Double {
    let power = pow(10, log10(step).rounded(.down))
    for factor in [1, 2, 2.5, 5] where factor * power >= step * (1 - 1e-9) {
      return factor * power
    }
    return 10 * power
  }
}
