/// Whether a service takes calls.
package enum HealthStatus: Sendable, Hashable {
  case serving
  case notServing
}
