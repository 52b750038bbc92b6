import Testing

@testable import FairleadLoad

@Suite("Known backends")
struct KnownBackendsTests {
  @Test("Names from everywhere count once, in the order people count")
  func names() {
    let known = KnownBackends(
      answered: ["pod-10", "pod-2", "pod-2"], resolved: ["pod-1", "pod-10"])
    #expect(known.names == ["pod-1", "pod-2", "pod-10"])
    #expect(known.count == 3 && known.isComplete)
  }

  @Test("There are as many as were seen, or as many as the user says")
  func count() {
    #expect(KnownBackends(answered: ["a"]).count == 1)
    #expect(!KnownBackends(answered: ["a"]).isComplete)
    #expect(KnownBackends(answered: ["a"], given: 3).count == 3)
    #expect(KnownBackends(answered: ["a", "b"], given: 1).count == 2)
    #expect(KnownBackends(answered: ["a"], given: 1).isComplete)
  }

  @Test("Names that differ in zeros only have one order")
  func order() {
    #expect(KnownBackends(answered: ["pod-01", "pod-1"]).names == ["pod-01", "pod-1"])
    #expect(KnownBackends(answered: ["pod-1", "pod-01"]).names == ["pod-01", "pod-1"])
  }
}
