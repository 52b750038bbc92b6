import FairleadGRPC
import FairleadTestSupport
import GRPCCore
import Testing

extension BalancedTransport {
  /// Returns when so many endpoints are there and take calls.
  func waitUntilReady(_ count: Int, sourceLocation: SourceLocation = #_sourceLocation) async throws
  {
    await expectEventually("\(count) endpoints are ready", sourceLocation: sourceLocation) {
      endpoints.count == count && endpoints.allSatisfy { $0.state == .ready }
    }
  }

  /// How many calls run, on all endpoints.
  var active: Int { endpoints.map(\.active).reduce(0, +) }
}

extension [TestServer] {
  /// How many calls each of them gets while `body` runs.
  func calls<Failure>(
    isolation: isolated (any Actor)? = #isolation,
    during body: () async throws(Failure) -> Void
  ) async throws(Failure) -> [Int] {
    let before = map(\.calls)
    try await body()
    return zip(self, before).map { $0.calls - $1 }
  }
}
