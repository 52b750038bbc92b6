import FairleadGRPC
import FairleadLoad

extension FailureWords {
  /// As `translate`, for what goes wrong in a run of load.
  func translatingLoad<Result: Sendable>(
    _ body: () async throws -> Result
  ) async throws -> Result {
    var result: Result?
    do {
      try await self.translate { result = try await body() }
    } catch let error as CommandFailure {
      throw CommandFailure(
        error.description.replacing("give it longer with --max-time, or give", with: "give"))
    } catch let error as LoadFailure {
      throw CommandFailure(Self.flags(in: error.description))
    } catch let error as SecurityError {
      throw CommandFailure(Self.flags(in: error.message))
    }
    guard let result else { throw CancellationError() }
    return result
  }
}
