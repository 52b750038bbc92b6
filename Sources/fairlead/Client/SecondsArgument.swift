import ArgumentParser

/// A length of time like ``DurationArgument``, in which a bare number is seconds: so have it the flags
/// that users of other gRPC tools know.
struct SecondsArgument: Sendable, Hashable {
  /// Never negative.
  let duration: Duration

  /// - Parameter duration: Must not be negative.
  init(_ duration: Duration) {
    self.duration = duration
  }
}

extension SecondsArgument: SpelledArgument {
  static let spelling = "write seconds, or another unit with it, such as 5, 500ms or 1m."

  init?(argument: String) {
    guard
      let argument = DurationArgument(parsing: argument)
        ?? DurationArgument(parsing: argument + "s")
    else { return nil }
    self.init(argument.duration)
  }

  var defaultValueDescription: String { self.description }
}

extension SecondsArgument: CustomStringConvertible {
  var description: String { DurationArgument(self.duration).description }
}
