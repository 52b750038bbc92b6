import Foundation

/// The time of day, for people and for log lines; never for measuring.
struct WallClock: Sendable {
  private let read: @Sendable () -> Date

  /// - Parameter read: Answers the time now; a test gives a fixed one.
  init(_ read: @escaping @Sendable () -> Date) {
    self.read = read
  }

  /// The system's clock: the one place where commands read it.
  static let system = WallClock { .now }

  /// The time now.
  var now: Date { self.read() }

  /// A time as RFC 3339 has it, in UTC with milliseconds.
  static func text(_ date: Date) -> String {
    Date.ISO8601FormatStyle(includingFractionalSeconds: true).format(date)
  }

  /// The local time now as `2026/01/31 15:04:05.678`.
  var stamp: String {
    let parts = Calendar.current.dateComponents(
      [.year, .month, .day, .hour, .minute, .second, .nanosecond],
      from: self.now
    )
    func padded(_ value: Int?, _ width: Int) -> String {
      let digits = String(value ?? 0)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let day = [padded(parts.year, 4), padded(parts.month, 2), padded(parts.day, 2)]
    let time = [padded(parts.hour, 2), padded(parts.minute, 2), padded(parts.second, 2)]
    let milliseconds = padded((parts.nanosecond ?? 0) / 1_000_000, 3)
    return "\(day.joined(separator: "/")) \(time.joined(separator: ":")).\(milliseconds)"
  }
}
