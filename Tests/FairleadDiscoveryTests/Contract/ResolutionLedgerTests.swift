import Testing

@testable import FairleadDiscovery

@Suite struct ResolutionLedgerTests {
  let time = ContinuousClock.now

  @Test("an outage keeps the last good endpoints and the time of their answer")
  func outageKeeps() {
    var ledger = ResolutionLedger()
    ledger.answered(resolved(1, 2), beside: nil, at: time)
    _ = ledger.takeNews()
    ledger.failed(outage)
    let news = ledger.takeNews()
    #expect(news == Resolution(endpoints: resolved(1, 2), answeredAt: time, failure: outage))
  }

  @Test("an empty answer replaces what was there")
  func emptyIsAnAnswer() throws {
    var ledger = ResolutionLedger()
    ledger.answered(resolved(1), beside: nil, at: time)
    _ = ledger.takeNews()
    ledger.answered([], beside: nil, at: time)
    #expect(ledger.takeNews()?.endpoints == [])
  }

  @Test("an equal answer is no news, and makes the known one younger")
  func equalIsDropped() {
    var ledger = ResolutionLedger()
    ledger.answered(resolved(1), beside: nil, at: time)
    #expect(ledger.takeNews() != nil)
    let later = time.advanced(by: .seconds(5))
    ledger.answered(resolved(1), beside: nil, at: later)
    #expect(ledger.takeNews() == nil)
    #expect(ledger.current?.age(at: later.advanced(by: .seconds(2))) == .seconds(2))
  }

  @Test("the same failure is told once, and so is its end")
  func failureOnce() {
    var ledger = ResolutionLedger()
    ledger.answered(resolved(1), beside: nil, at: time)
    _ = ledger.takeNews()
    ledger.failed(outage)
    #expect(ledger.takeNews()?.failure == outage)
    ledger.failed(outage)
    #expect(ledger.takeNews() == nil)
    ledger.answered(resolved(1), beside: nil, at: time)
    #expect(ledger.takeNews()?.failure == nil)
    #expect(ledger.takeNews() == nil)
  }

  @Test("a change that is taken back before it is told is no news")
  func burstThatComesBack() {
    var ledger = ResolutionLedger()
    ledger.answered(resolved(1), beside: nil, at: time)
    _ = ledger.takeNews()
    ledger.answered(resolved(2), beside: nil, at: time)
    ledger.answered(resolved(1), beside: nil, at: time)
    #expect(ledger.takeNews() == nil)
  }

  @Test("of two endpoints with one address the first stays")
  func distinct() {
    var ledger = ResolutionLedger()
    let twice = resolved(1) + [ResolvedEndpoint(pod(1), readiness: .draining)]
    ledger.answered(twice, beside: nil, at: time)
    #expect(ledger.takeNews()?.endpoints == resolved(1))
  }

  @Test("calls go to ready endpoints, to draining ones only if none is ready, to others never")
  func eligible() {
    let ready = ResolvedEndpoint(pod(1))
    let draining = ResolvedEndpoint(pod(2), readiness: .draining)
    let other = ResolvedEndpoint(pod(3), readiness: .notReady)
    func eligible(_ endpoints: ResolvedEndpoint...) -> [String] {
      Resolution(endpoints: endpoints, answeredAt: time).eligible.endpoints.map(\.name)
    }
    #expect(eligible(ready, draining, other) == ["10.0.0.1:80"])
    #expect(eligible(draining, other) == ["10.0.0.2:80"])
    #expect(eligible(other) == [])
  }
}
