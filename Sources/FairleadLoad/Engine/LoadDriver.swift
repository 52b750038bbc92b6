/// Makes the calls of a plan and measures them. One run for each driver.
package protocol LoadDriver: Sendable {
  /// What goes on while it runs; safe to read from any thread.
  var counter: LoadCounter { get }

  /// Returns when all calls have ended. Cancelled, it begins no more, gives those under way a second, and answers with what
  /// it has.
  ///
  /// - Throws: ``LoadFailure`` if there is no connection to begin with.
  func run() async throws -> LoadOutcome
}
