import ArgumentParser

/// A length of time as the command line writes it: `30s`, `5ms`, `1m`, `1h30m`, `1.5s`, `0`.
///
/// Units are `h`, `m`, `s`, `ms`, `us` and `ns`. A bare number is refused, but for `0`: seconds and
/// milliseconds are too easily taken for each other.
struct DurationArgument: Sendable, Hashable {
  /// Never negative.
  let duration: Duration

  /// - Parameter duration: Must not be negative.
  init(_ duration: Duration) {
    self.duration = duration
  }

  /// Nil when `text` is not a duration.
  init?(parsing text: String) {
    if text == "0" {
      self.init(.zero)
      return
    }
    var rest = Substring(text)
    var total = Duration.zero
    repeat {
      guard let part = Self.takePart(from: &rest) else { return nil }
      total += part
    } while !rest.isEmpty
    // Beyond this, adding it to a clock's instant could overflow.
    guard total <= Self.longest else { return nil }
    self.init(total)
  }

  private static let longest = Duration.seconds(100 * 365 * 24 * 3600)

  /// Takes one number with its unit from the front, nil if there is none.
  private static func takePart(from text: inout Substring) -> Duration? {
    let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    // "1." and ".5" parse as Double and are not how a duration is written.
    guard number.first != ".", number.last != ".", number.count <= 18,
      let count = Double(number), count <= 1e15
    else { return nil }
    text.removeFirst(number.count)
    let unit = text.prefix { $0.isLetter }
    text.removeFirst(unit.count)
    switch unit {
    case "h": return .seconds(count * 3600)
    case "m": return .seconds(count * 60)
    case "s": return .seconds(count)
    case "ms": return .milliseconds(count)
    case "us": return .microseconds(count)
    case "ns": return .nanoseconds(Int64(count))
    default: return nil
    }
  }
}

extension DurationArgument: ExpressibleByArgument {
  init?(argument: String) {
    self.init(parsing: argument)
  }

  var defaultValueDescription: String { self.description }
}

extension DurationArgument: CustomStringConvertible {
  /// The shortest way to write it that reads back as the same value.
  var description: String {
    let (seconds, attoseconds) = self.duration.components
    let nanoseconds = attoseconds / 1_000_000_000
    if nanoseconds == 0 {
      if seconds == 0 { return "0" }
      if seconds % 3600 == 0 { return "\(seconds / 3600)h" }
      if seconds % 60 == 0 { return "\(seconds / 60)m" }
      return "\(seconds)s"
    }
    var text = seconds == 0 ? "" : "\(seconds)s"
    if nanoseconds % 1_000_000 == 0 {
      text += "\(nanoseconds / 1_000_000)ms"
    } else if nanoseconds % 1000 == 0 {
      text += "\(nanoseconds / 1000)us"
    } else {
      text += "\(nanoseconds)ns"
    }
    return text
  }
}
