import FairleadBalancing
import Testing

@testable import FairleadDiscovery

@Suite struct DNSRefreshTests {
  let start = ContinuousClock.now
  let target: DNSTarget

  init() throws {
    target = try DNSTarget(Target(scheme: "dns", path: "/greeter.test:80"))
  }

  private func refresh(_ change: (inout DNSOptions) -> Void = { _ in }) -> DNSRefresh {
    var options = DNSOptions()
    change(&options)
    return DNSRefresh(target, options: options, random: RandomSource(seed: 7))
  }

  private func found(_ numbers: Int..., ttl: Int = 30, missing: Set<IPFamily> = []) -> DNSOutcome {
    .found(numbers.map { pod($0) }, missing: missing, ttl: .seconds(ttl))
  }

  private func endpoints(_ step: DNSRefresh.Step) -> [Endpoint]? {
    guard case .answered(let endpoints, _) = step.verdict else { return nil }
    return endpoints
  }

  @Test("the next lookup comes when the time to live is over, within floor, ceiling and jitter")
  func timeToLive() {
    var refresh = refresh()
    for (ttl, seconds) in [(30, 30), (0, 1), (86_400, 300)] {
      let delay = refresh.looked(found(1, ttl: ttl), at: start).delay
      #expect(delay >= .seconds(seconds))
      #expect(delay <= .seconds(seconds) + .milliseconds(500))
    }
  }

  @Test("two clients do not ask at the same moment")
  func jitter() {
    var one = DNSRefresh(target, options: DNSOptions(), random: RandomSource(seed: 1))
    var other = DNSRefresh(target, options: DNSOptions(), random: RandomSource(seed: 2))
    #expect(one.looked(found(1), at: start).delay != other.looked(found(1), at: start).delay)
  }

  @Test("an outage keeps the endpoints, and is asked about in 1 s, 2 s, 4 s and each 5 s")
  func outage() throws {
    var refresh = refresh()
    #expect(endpoints(refresh.looked(found(1), at: start)) == [pod(1)])
    for seconds in [1, 2, 4, 5, 5] {
      let step = refresh.looked(.failed("timeout"), at: start)
      guard case .failed(let failure) = step.verdict else {
        Issue.record("An outage is no answer.")
        return
      }
      #expect(failure.kind == .unreachable)
      #expect(step.delay >= .milliseconds(800 * seconds))
      #expect(step.delay <= .milliseconds(1200 * seconds))
    }
    _ = refresh.looked(found(1), at: start)
    #expect(refresh.looked(.failed("timeout"), at: start).delay < .seconds(2))
  }

  @Test("a name that is gone keeps its endpoints for the grace, and loses them then")
  func grace() throws {
    var refresh = refresh { $0.notFoundGrace = .seconds(10) }
    _ = refresh.looked(found(1), at: start)
    let first = refresh.looked(.noSuchName, at: start)
    #expect(endpoints(first) == nil)
    let last = refresh.looked(.noSuchName, at: start.advanced(by: .milliseconds(9_900)))
    #expect(endpoints(last) == nil)
    #expect(last.delay <= .milliseconds(100))
    let gone = refresh.looked(.noSuchName, at: start.advanced(by: .seconds(10)))
    guard case .answered([], .some(let failure)) = gone.verdict else {
      Issue.record("The grace is over: \(gone)")
      return
    }
    #expect(failure.kind == .notFound)
  }

  @Test("a name that comes back within its grace gets a whole new grace")
  func graceBeginsAnew() {
    var refresh = refresh { $0.notFoundGrace = .seconds(10) }
    _ = refresh.looked(found(1), at: start)
    _ = refresh.looked(.noSuchName, at: start)
    _ = refresh.looked(found(1), at: start.advanced(by: .seconds(5)))
    let step = refresh.looked(.noSuchName, at: start.advanced(by: .seconds(12)))
    #expect(endpoints(step) == nil)
  }

  @Test("a name without records is an empty answer at once")
  func empty() {
    var refresh = refresh()
    _ = refresh.looked(found(1), at: start)
    #expect(endpoints(refresh.looked(.empty, at: start)) == [])
  }

  @Test("addresses of a kind that could not be asked for stay")
  func halfAnOutage() {
    let six = Endpoint(address: .ip(host: "::1", port: 80))
    var refresh = refresh()
    _ = refresh.looked(.found([pod(1), six], missing: [], ttl: .seconds(30)), at: start)
    let step = refresh.looked(found(2, missing: [.v6]), at: start)
    #expect(endpoints(step) == [pod(2), six])
    #expect(step.delay < .seconds(2))
    #expect(endpoints(refresh.looked(found(2), at: start)) == [pod(2)])
  }
}
