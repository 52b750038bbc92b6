import FairleadBalancing
import FairleadDiscovery
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Testing

@testable import FairleadGRPC

@Suite("What an iterator of names is told")
struct NameFeedTests {
  private let outage = ResolutionFailure(.unreachable, "The source is down.")

  private func resolution(
    _ hosts: [String], readiness: Readiness = .ready, failure: ResolutionFailure? = nil
  ) -> Resolution {
    Resolution(
      endpoints: hosts.map {
        ResolvedEndpoint(
          Endpoint(address: .ip(host: $0, port: 80)), readiness: readiness)
      },
      answeredAt: .now, failure: failure)
  }

  /// All that a feed tells: the hosts of each answer, and why it ended.
  private func told(_ resolutions: [Resolution], again: Bool = false) async -> ([[String]], String?)
  {
    let (stream, continuation) = AsyncThrowingStream<NameResolutionResult, any Error>.makeStream()
    let feed = NameFeed(target: "dns:///greeter", continuation: continuation)
    for resolution in resolutions { feed.take(resolution) }
    if again { feed.tellAgain() }
    continuation.finish()
    var answers: [[String]] = []
    do {
      for try await result in stream {
        answers.append(result.endpoints.compactMap { $0.addresses.first?.ipv4?.host })
      }
      return (answers, nil)
    } catch {
      return (answers, (error as? RPCError)?.message)
    }
  }

  @Test("is never that there is none: it keeps what it told, or ends with an error")
  func empty() async {
    let kept = await told([resolution(["10.0.0.1"]), resolution([]), resolution(["10.0.0.2"])])
    #expect(kept.0 == [["10.0.0.1"], ["10.0.0.2"]])
    #expect(kept.1 == nil)
    let none = await told([resolution([]), resolution(["10.0.0.1"])])
    #expect(none.0.isEmpty)
    #expect(none.1?.hasPrefix("The target dns:///greeter has no endpoints") == true)
    let notReady = await told([resolution(["10.0.0.1"], readiness: .notReady)])
    #expect(notReady.1?.hasPrefix("The target dns:///greeter has no endpoints") == true)
  }

  @Test("is the failure, if there is nothing but that")
  func failure() async {
    let first = await told([resolution([], failure: outage)])
    #expect(first.0.isEmpty)
    #expect(first.1 == "The source is down.")
    let later = await told([
      resolution(["10.0.0.1"]), resolution(["10.0.0.1"], failure: outage),
      resolution([], failure: outage),
    ])
    #expect(later.0 == [["10.0.0.1"], ["10.0.0.1"]])
    #expect(later.1 == nil)
  }

  @Test("is the last answer once more, if there was one")
  func again() async {
    let some = await told([resolution(["10.0.0.1"])], again: true)
    #expect(some.0 == [["10.0.0.1"], ["10.0.0.1"]])
    let none = await told([], again: true)
    #expect(none.0.isEmpty)
  }

  @Test("are endpoints that drain, if none is ready")
  func draining() async {
    var mixed = resolution(["10.0.0.1"], readiness: .draining)
    mixed.endpoints += resolution(["10.0.0.2"]).endpoints
    #expect(await told([mixed]).0 == [["10.0.0.2"]])
    #expect(await told([resolution(["10.0.0.1"], readiness: .draining)]).0 == [["10.0.0.1"]])
  }
}
