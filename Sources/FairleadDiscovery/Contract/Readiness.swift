/// Whether an endpoint takes calls, as its source says.
public enum Readiness: String, Sendable, Hashable, CaseIterable {
  /// It takes new calls.
  case ready
  /// It finishes the calls it has, and takes new ones only when no other endpoint is ready.
  case draining
  /// It is known, and gets no calls.
  case notReady = "not-ready"
}
