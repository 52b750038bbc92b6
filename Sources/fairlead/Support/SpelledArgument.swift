import ArgumentParser

/// A value on the command line that can be written wrongly in more ways than one: an option that reads it with ``read(_:)`` says what
/// is expected.
protocol SpelledArgument: ExpressibleByArgument {
  /// What to write, with an example; follows a colon.
  static var spelling: String { get }
}

extension SpelledArgument {
  /// For the `transform` of an option.
  ///
  /// - Throws: ``SpellingProblem``.
  @Sendable static func read(_ text: String) throws -> Self {
    guard let value = Self(argument: text) else {
      throw SpellingProblem(description: Self.spelling)
    }
    return value
  }
}

/// What follows "The value 'x' is invalid for '--option': ".
struct SpellingProblem: Error, CustomStringConvertible {
  let description: String
}

extension DurationArgument: SpelledArgument {
  static let spelling = "write it with its unit, such as 500ms, 30s or 1m30s."
}

extension HostPort: SpelledArgument {
  static let spelling = "write HOST:PORT, such as greeter:8080 or [::1]:8080."
}

extension Int: SpelledArgument {
  static let spelling = "write a whole number, such as 100."
}

extension Double: SpelledArgument {
  static let spelling = "write a number, such as 500 or 0.5."
}
