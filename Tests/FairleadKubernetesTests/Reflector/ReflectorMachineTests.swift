import FairleadBalancing
import Testing

@testable import FairleadKubernetes

private typealias Step = ReflectorMachine.Step
private typealias ListQuery = ReflectorMachine.ListQuery
private typealias Outcome = ReflectorMachine.Outcome

/// A machine whose delays are 100 ms, 200 ms, 400 ms … 10 s.
private func machine(_ versions: [String] = ["v1"]) -> ReflectorMachine {
  var options = quickOptions()
  options.backoff = Backoff(
    initial: .milliseconds(100), multiplier: 2, jitter: 0, maximum: .seconds(10))
  options.watchTimeout = .seconds(300)..<Duration.seconds(301)
  options.missingInterval = .seconds(60)
  return ReflectorMachine(
    versions: versions, mayBeMissing: true, times: ReflectorTimes(options), random: options.random)
}

private func first(_ version: String = "v1") -> ListQuery {
  ListQuery(version: version, revision: "0")
}

private func anew(_ version: String = "v1") -> ListQuery {
  ListQuery(version: version, revision: "")
}

private func watch(_ revision: String, _ version: String = "v1") -> Step {
  .watch(ReflectorMachine.WatchQuery(version: version, revision: revision, timeout: .seconds(300)))
}

private func failure(_ kind: KubernetesFailure.Kind, retryAfter: Duration? = nil)
  -> KubernetesFailure
{
  KubernetesFailure(kind, "No.", retryAfter: retryAfter)
}

@Suite("Lists and watches follow each other")
struct ReflectorMachineTests {
  @Test("First the server lists what it has at hand, then it is watched from there")
  func begins() {
    var machine = machine()
    #expect(machine.start() == .list(first()))
    let outcome = machine.listed(first(), continuation: nil, revision: "474")
    #expect(outcome == Outcome(step: watch("474"), news: .synced))
  }

  @Test("Pages follow each other until one says that it is the last, by nothing or an empty word")
  func pages() {
    var machine = machine()
    _ = machine.start()
    var second = anew()
    second.continuation = "a"
    #expect(
      machine.listed(first(), continuation: "a", revision: "9") == Outcome(step: .list(second)))
    var third = second
    third.continuation = "b"
    #expect(
      machine.listed(second, continuation: "b", revision: "9") == Outcome(step: .list(third)))
    #expect(
      machine.listed(third, continuation: "", revision: "9")
        == Outcome(step: watch("9"), news: .synced))
  }

  @Test("Every event moves the place where the next watch begins, a bookmark too")
  func revisions() {
    var machine = machine()
    _ = machine.listed(first(), continuation: nil, revision: "474")
    machine.received(revision: "478")
    machine.received(revision: nil)
    machine.received(revision: "")
    machine.received(revision: "9")  // not a number that grows: only equality means something
    #expect(machine.watchEnded(.closed, lasted: .seconds(300)) == Outcome(step: watch("9")))
    #expect(machine.watchEnded(.silent, lasted: .seconds(330)) == Outcome(step: watch("9")))
  }

  @Test("How long a watch is asked for is drawn from the range, in whole seconds")
  func timeouts() {
    var options = quickOptions()
    options.watchTimeout = .seconds(300)..<Duration.seconds(600)
    var machine = ReflectorMachine(
      versions: ["v1"], mayBeMissing: true, times: ReflectorTimes(options), random: options.random)
    _ = machine.listed(first(), continuation: nil, revision: "1")
    var drawn = Set<Duration>()
    for _ in 0..<50 {
      guard case .watch(let query) = machine.watchEnded(.closed, lasted: .seconds(300)).step else {
        Issue.record("a long watch is followed by a watch")
        return
      }
      #expect(options.watchTimeout.contains(query.timeout))
      #expect(query.timeout.components.attoseconds == 0)
      drawn.insert(query.timeout)
    }
    #expect(drawn.count > 20)
  }
}

@Suite("A revision that is gone")
struct ReflectorMachineExpiryTests {
  @Test("A page that cannot be continued leads to a new list of the newest, at once")
  func expiredContinuation() {
    var machine = machine()
    guard case .list(let page) = machine.listed(first(), continuation: "a", revision: "9").step
    else {
      Issue.record("a page is followed by a page")
      return
    }
    #expect(machine.listFailed(page, failure(.expired)) == Outcome(step: .list(anew())))
  }

  @Test("A watch from a revision that is gone leads to a new list of the newest, at once")
  func expiredWatch() {
    var machine = machine()
    _ = machine.listed(first(), continuation: nil, revision: "1")
    let outcome = machine.watchEnded(.failed(failure(.expired)), lasted: .milliseconds(3))
    #expect(outcome == Outcome(step: .list(anew())))
    #expect(
      machine.listed(anew(), continuation: nil, revision: "500")
        == Outcome(step: watch("500"), news: .synced))
  }

  @Test("A server whose revisions are always gone is asked ever more slowly")
  func expiredForEver() {
    var machine = machine()
    var waits: [Step] = []
    for _ in 0..<4 {
      _ = machine.listed(anew(), continuation: nil, revision: "1")
      waits.append(machine.watchEnded(.failed(failure(.expired)), lasted: .zero).step)
    }
    #expect(
      waits == [
        .list(anew()), .wait(.milliseconds(100)), .wait(.milliseconds(200)),
        .wait(.milliseconds(400)),
      ])
    #expect(machine.waited() == .list(anew()))
  }

  @Test("An event, or a long watch, makes the next expiry the first again")
  func expiryIsForgotten() {
    var machine = machine()
    for isLong in [true, false] {
      for _ in 0..<3 { _ = machine.watchEnded(.failed(failure(.expired)), lasted: .zero) }
      _ = machine.listed(anew(), continuation: nil, revision: "1")
      if !isLong { machine.received(revision: "2") }
      let outcome = machine.watchEnded(
        .failed(failure(.expired)), lasted: isLong ? .seconds(20) : .zero)
      #expect(outcome == Outcome(step: .list(anew())))
    }
  }
}

@Suite("A list or a watch that fails")
struct ReflectorMachineFailureTests {
  @Test(
    "A list that fails is tried again, later each time, and each failure is told",
    arguments: KubernetesFailure.Kind.allCases.filter { $0 != .expired && $0 != .notFound })
  func listFails(kind: KubernetesFailure.Kind) {
    var machine = machine()
    _ = machine.start()
    for milliseconds in [100, 200, 400, 800] {
      #expect(
        machine.listFailed(first(), failure(kind))
          == Outcome(
            step: .wait(.milliseconds(milliseconds)), news: .failed(failure(kind))))
      #expect(machine.waited() == .list(first()))
    }
  }

  @Test("Delays end at the longest one, however long an outage lasts")
  func longestDelay() {
    var machine = machine()
    var last: Step?
    for _ in 0..<10_000 { last = machine.listFailed(first(), failure(.unreachable)).step }
    #expect(last == .wait(.seconds(10)))
  }

  @Test("A page that fails is asked for again, and the ones before it are not")
  func pageFails() {
    var machine = machine()
    guard case .list(let page) = machine.listed(first(), continuation: "a", revision: "9").step
    else {
      Issue.record("a page is followed by a page")
      return
    }
    for kind in [KubernetesFailure.Kind.refused, .notFound] {
      _ = machine.listFailed(page, failure(kind))
      #expect(machine.waited() == .list(page))
    }
  }

  @Test("An API that every cluster has is never believed to be missing")
  func neverMissing() {
    var machine = ReflectorMachine(
      versions: ["v1"], mayBeMissing: false, times: ReflectorTimes(quickOptions()),
      random: RandomSource(seed: 1))
    for _ in 0..<10 {
      let outcome = machine.listFailed(first(), failure(.notFound))
      guard case .failed = outcome.news, case .wait = outcome.step else {
        Issue.record("\(outcome) is no failure")
        continue
      }
    }
  }

  @Test("The server's wish to be left alone is kept, up to a limit")
  func retryAfter() {
    var machine = machine()
    for (wish, low, high) in [(3.0, 3.0, 3.6), (0, 0.2, 0.2), (100_000, 120, 144)] {
      let step = machine.listFailed(
        first(), failure(.overloaded, retryAfter: .seconds(wish))
      ).step
      guard case .wait(let wait) = step else {
        Issue.record("\(step) is no wait")
        continue
      }
      // A wish below our own delay changes nothing; all who were told the same do not come at once.
      #expect(wait >= .seconds(low) && wait <= .seconds(high))
    }
  }

  @Test("A watch that ends at once and without an event has failed, and is begun ever later")
  func shortWatches() {
    var machine = machine()
    _ = machine.listed(first(), continuation: nil, revision: "5")
    for milliseconds in [100, 200, 400] {
      let outcome = machine.watchEnded(.closed, lasted: .milliseconds(999))
      #expect(outcome.step == .wait(.milliseconds(milliseconds)))
      guard case .failed(let failure) = outcome.news else {
        Issue.record("a short watch is told")
        return
      }
      #expect(failure.kind == .unreachable)
      #expect(machine.waited() == watch("5"))
    }
    #expect(machine.watchEnded(.closed, lasted: .seconds(1)) == Outcome(step: watch("5")))
    #expect(
      machine.watchEnded(.closed, lasted: .zero).step == .wait(.milliseconds(100)))
  }

  @Test("A short watch that brought something is no failure, and still not begun again at once")
  func shortWatchWithEvents() {
    var machine = machine()
    _ = machine.listed(first(), continuation: nil, revision: "5")
    for revision in ["6", "7", "8"] {
      machine.received(revision: revision)
      #expect(
        machine.watchEnded(.closed, lasted: .zero) == Outcome(step: .wait(.milliseconds(100))))
      #expect(machine.waited() == watch(revision))
    }
  }

  @Test("A connection that was good and is cut is replaced at once")
  func cutWatch() {
    var machine = machine()
    _ = machine.listed(first(), continuation: nil, revision: "5")
    machine.received(revision: "6")
    let outcome = machine.watchEnded(.failed(failure(.unreachable)), lasted: .seconds(30))
    #expect(outcome == Outcome(step: watch("6")))
  }

  @Test(
    "A watch that fails is begun again from where it was, later each time",
    arguments: [
      KubernetesFailure.Kind.credentials, .unreachable, .certificate, .unauthorized, .forbidden,
      .overloaded,
    ])
  func watchFails(kind: KubernetesFailure.Kind) {
    var machine = machine()
    _ = machine.listed(first(), continuation: nil, revision: "5")
    for milliseconds in [100, 200, 400] {
      #expect(
        machine.watchEnded(.failed(failure(kind)), lasted: .zero)
          == Outcome(step: .wait(.milliseconds(milliseconds)), news: .failed(failure(kind))))
      #expect(machine.waited() == watch("5"))
    }
  }

  @Test(
    "What a watch cannot read twice is listed",
    arguments: [KubernetesFailure.Kind.malformed, .refused, .tooLarge])
  func unreadableEvents(kind: KubernetesFailure.Kind) {
    var machine = machine()
    _ = machine.listed(first(), continuation: nil, revision: "5")
    _ = machine.watchEnded(.failed(failure(kind)), lasted: .zero)
    #expect(machine.waited() == watch("5"))
    _ = machine.watchEnded(.failed(failure(kind)), lasted: .zero)
    #expect(machine.waited() == .list(anew()))
  }
}

@Suite("An API that the server does not have")
struct ReflectorMachineAbsenceTests {
  @Test("Older versions are tried at once, the list and its watch in the one that is there")
  func fallsBack() {
    var machine = machine(["v1", "v1beta1", "v1alpha3"])
    _ = machine.start()
    let outcome = machine.listFailed(first(), failure(.notFound))
    #expect(outcome == Outcome(step: .list(first("v1beta1"))))
    #expect(
      machine.listed(first("v1beta1"), continuation: nil, revision: "3")
        == Outcome(step: watch("3", "v1beta1"), news: .synced))
    let relist = machine.watchEnded(.failed(failure(.expired)), lasted: .zero)
    #expect(relist.step == .list(anew("v1beta1")))
  }

  @Test("Without any version the kind is missing, and looked for again after a while")
  func missing() {
    var machine = machine(["v1", "v1beta1"])
    _ = machine.start()
    _ = machine.listFailed(first(), failure(.notFound))
    let outcome = machine.listFailed(first("v1beta1"), failure(.notFound))
    #expect(outcome.news == .missing)
    guard case .wait(let wait) = outcome.step else {
      Issue.record("what is missing is waited for")
      return
    }
    #expect(wait >= .seconds(48) && wait <= .seconds(72))
    #expect(machine.waited() == .list(first()))
    #expect(machine.listed(first(), continuation: nil, revision: "8").news == .synced)
  }

  @Test("What was there must be absent three times before it is believed to be gone")
  func goneIsDoubted() {
    var machine = machine()
    _ = machine.listed(first(), continuation: nil, revision: "8")
    for _ in 0..<2 {
      let outcome = machine.listFailed(first(), failure(.notFound))
      #expect(outcome.news == .failed(failure(.notFound)))
      #expect(machine.waited() == .list(first()))
    }
    #expect(machine.listFailed(first(), failure(.notFound)).news == .missing)
  }

  @Test("One good list, and the doubt begins anew")
  func doubtIsForgotten() {
    var machine = machine()
    _ = machine.listed(first(), continuation: nil, revision: "8")
    for _ in 0..<5 {
      _ = machine.listFailed(first(), failure(.notFound))
      #expect(
        machine.listFailed(first(), failure(.notFound)).news == .failed(failure(.notFound)))
      _ = machine.listed(first(), continuation: nil, revision: "8")
    }
  }

  @Test("A watch of an API that is gone is followed by a list, and never without a pause")
  func watchNotFound() {
    var machine = machine(["v1", "v1beta1"])
    _ = machine.listFailed(first(), failure(.notFound))
    for milliseconds in [100, 200, 400] {
      _ = machine.listed(first("v1beta1"), continuation: nil, revision: "3")
      let outcome = machine.watchEnded(.failed(failure(.notFound)), lasted: .zero)
      #expect(
        outcome
          == Outcome(
            step: .wait(.milliseconds(milliseconds)), news: .failed(failure(.notFound))))
      #expect(machine.waited() == .list(first()))
      _ = machine.listFailed(first(), failure(.notFound))
    }
  }
}
