/// What is known of the health of a connection's server (gRFC A17).
enum HealthVerdict: Sendable, Hashable {
  case serving
  /// It says that it does not serve, or nobody can tell; why, in words.
  case notServing(String)
}
