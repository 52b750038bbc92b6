/// Which calls of a pod fail, as an exact interleave: a rate of 0.1 fails every tenth call.
///
/// An exact schedule, not a coin toss, so that a test can say which call fails.
package struct FailureSchedule: Sendable, Hashable {
  /// No call fails.
  package static let never = FailureSchedule(millionths: 0)

  /// Failures in a million calls: whole numbers, so that nothing drifts over many calls.
  private let millionths: Int
  private var owed = 0

  private static let million = 1_000_000

  private init(millionths: Int) {
    self.millionths = millionths
  }

  /// A schedule that fails `rate` of all calls; nil if `rate` is not from 0 to 1.
  package init?(rate: Double) {
    guard rate >= 0, rate <= 1 else { return nil }
    self.init(millionths: Int((rate * Double(Self.million)).rounded()))
  }

  /// Whether the next call fails; counts that call.
  package mutating func nextFails() -> Bool {
    self.owed += self.millionths
    guard self.owed >= Self.million else { return false }
    self.owed -= Self.million
    return true
  }
}
