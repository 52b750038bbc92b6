/// What is wrong with a service config, in a sentence.
public struct ServiceConfigError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Where: `loadBalancingConfig[0].round_robin`, for example.
  public let path: String
  /// What is wrong, and what would be right.
  public let message: String

  /// An error at this place.
  public init(path: String, message: String) {
    self.path = path
    self.message = message
  }

  /// The path and the message in one line.
  public var description: String { "\(path): \(message)" }
}
