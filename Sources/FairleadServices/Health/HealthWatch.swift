/// One watch of a service on a ``HealthBoard``.
///
/// Leaves the board when it is ended, when its reader is cancelled or gone, or when the board closes.
package struct HealthWatch: Sendable {
  /// The status now and at each change; nil while the board does not know the service. For one reader.
  package let changes: AsyncStream<HealthStatus?>

  private let continuation: AsyncStream<HealthStatus?>.Continuation

  init(changes: AsyncStream<HealthStatus?>, continuation: AsyncStream<HealthStatus?>.Continuation) {
    self.changes = changes
    self.continuation = continuation
  }

  /// Ends ``changes`` after the status that waits there, if one does. Any thread may call it, again too.
  package func end() {
    self.continuation.finish()
  }
}
