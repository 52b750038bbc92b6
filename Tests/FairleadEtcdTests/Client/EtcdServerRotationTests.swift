import FairleadBalancing
import FairleadDiscovery
import Testing

@testable import FairleadEtcd

@Suite struct EtcdServerRotationTests {
  private let start = ContinuousClock.now
  private func down(_ name: String) -> ResolutionFailure {
    ResolutionFailure(.unreachable, "\(name) is down.")
  }

  private func rotation(_ count: Int, seed: UInt64 = 1) -> EtcdServerRotation {
    EtcdServerRotation(
      count: count,
      backoff: Backoff(initial: .seconds(1), multiplier: 2, jitter: 0, maximum: .seconds(8)),
      random: RandomSource(seed: seed))
  }

  private func used(_ step: EtcdServerRotation.Step) throws -> Int {
    guard case .use(let index) = step else {
      Issue.record("A server is expected, not \(step).")
      return 0
    }
    return index
  }

  @Test("one that fails is followed by each other at once, and then there is a rest")
  func failover() throws {
    var rotation = rotation(3)
    var tried: [Int] = []
    for _ in 0..<3 {
      let index = try used(rotation.next(at: start))
      tried.append(index)
      rotation.failed(index, with: down("\(index)"), after: .zero, at: start)
    }
    #expect(tried.sorted() == [0, 1, 2])
    #expect(rotation.next(at: start) == .wait(.seconds(1)))
    #expect(rotation.next(at: start + .seconds(1)) == .use(tried[0]))
    #expect(
      rotation.failure?.message
        == "No etcd server can be used: 0 is down. 1 is down. 2 is down.")
  }

  @Test("one that works is kept, and its failures in a row make its rests longer")
  func backoff() throws {
    var rotation = rotation(1)
    #expect(rotation.next(at: start) == .use(0))
    #expect(rotation.next(at: start) == .use(0))
    for expected in [1, 2, 4, 8, 8] {
      rotation.failed(0, with: down("a"), after: .seconds(1), at: start)
      #expect(rotation.next(at: start) == .wait(.seconds(expected)))
    }
    rotation.failed(0, with: down("a"), after: EtcdServerRotation.goodSession, at: start)
    #expect(rotation.next(at: start) == .wait(.seconds(1)))
    #expect(rotation.failure == down("a"))
  }

  @Test("a hint ends the rest, not the memory of failures")
  func hint() {
    var rotation = rotation(1)
    rotation.failed(0, with: down("a"), after: .zero, at: start)
    rotation.endRests()
    #expect(rotation.next(at: start) == .use(0))
    rotation.failed(0, with: down("a"), after: .zero, at: start)
    #expect(rotation.next(at: start) == .wait(.seconds(2)))
  }

  @Test("clients do not all begin with the same server")
  func shuffled() throws {
    let firsts = try (0..<UInt64(64)).map { seed -> Int in
      var rotation = rotation(3, seed: seed)
      return try used(rotation.next(at: start))
    }
    #expect(Set(firsts) == [0, 1, 2])
  }
}
