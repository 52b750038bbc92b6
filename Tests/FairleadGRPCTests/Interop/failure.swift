import GRPCCore
import Testing

/// The status that a call fails with; a problem of the test if it does not.
func failure<Result>(
  sourceLocation: SourceLocation = #_sourceLocation, of call: () async throws -> Result
) async -> RPCError? {
  do {
    _ = try await call()
    Issue.record("The call did not fail.", sourceLocation: sourceLocation)
  } catch let error as RPCError {
    return error
  } catch {
    Issue.record(error, "The error is no status.", sourceLocation: sourceLocation)
  }
  return nil
}

/// Expects that a call which its own task gives up ends, and with an error.
///
/// Which one is grpc-swift's affair: the `CancellationError`, a status with it as the cause, or that of
/// the stream that was reset.
func expectCancellation<Result>(
  sourceLocation: SourceLocation = #_sourceLocation, of call: () async throws -> Result
) async {
  await #expect(throws: (any Error).self, sourceLocation: sourceLocation) { _ = try await call() }
}
