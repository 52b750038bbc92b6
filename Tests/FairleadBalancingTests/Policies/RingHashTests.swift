import FairleadBalancing
import Testing

@testable import struct FairleadBalancing.HashRing

@Suite("Ring hash")
struct RingHashTests {
  private static let names = ["a", "b", "c", "d"]

  private func ready(_ names: [String], policy: RingHashPolicy = RingHashPolicy()) -> Stage {
    var stage = Stage(policy)
    stage.update(names.map { .named($0) })
    stage.wake()
    stage.connectAll()
    return stage
  }

  private func name(_ stage: Stage, _ hash: UInt64, avoiding id: SubchannelID? = nil) -> String? {
    guard case .subchannel(let id) = stage.pick(avoiding: id, hash: hash) else { return nil }
    return stage.balancer.endpoint(of: id)?.name
  }

  /// The hash of one of an endpoint's own points: the ring gives it to that endpoint.
  private func point(_ name: String) -> UInt64 {
    XXHash64.hash("unix:/\(name)_0")
  }

  @Test("has as many points as sizes and weights ask for")
  func size() {
    func counts(_ weights: [Int], _ minimum: Int, _ maximum: Int) -> [Int] {
      let ring = HashRing(
        weights.enumerated().map { ("e\($0.offset)", $0.element) }, minimumSize: minimum,
        maximumSize: maximum)
      return weights.indices.map { index in ring.owners.count { $0 == Int32(index) } }
    }
    // The smallest has ceil(1024 / 4) points, the others their multiples.
    #expect(counts([1, 1, 1, 1], 1024, 4096) == [256, 256, 256, 256])
    // ceil(10 / 3) = 4 each, 12 in all, though 10 would do.
    #expect(counts([1, 1, 1], 10, 4096) == [4, 4, 4])
    #expect(counts([1, 2, 5], 8, 4096) == [1, 2, 5])
    #expect(counts([1, 2, 5], 9, 4096) == [2, 4, 10])
    // The maximum holds, and what is too light has no point.
    #expect(counts([1, 99], 1024, 50).reduce(0, +) == 50)
    #expect(counts([1, 1, 1, 1], 4, 2).reduce(0, +) == 2)
  }

  @Test("sizes are within gRPC's cap")
  func sizes() {
    let policy = RingHashPolicy(minimumSize: 9_000_000, maximumSize: 10_000_000)
    #expect(policy.minimumSize == 4096 && policy.maximumSize == 4096)
    #expect(RingHashPolicy().minimumSize == 1024 && RingHashPolicy().maximumSize == 4096)
    #expect(RingHashPolicy(minimumSize: -1, maximumSize: 0).minimumSize == 1)
  }

  @Test("gives an endpoint what hashes to its address and a number")
  func placement() {
    let stage = ready(Self.names)
    for name in Self.names {
      for number in 0..<256 {
        #expect(self.name(stage, XXHash64.hash("unix:/\(name)_\(number)")) == name)
      }
    }
  }

  @Test("goes around: what is after the last point belongs to the first")
  func wraps() {
    let stage = ready(Self.names)
    #expect(name(stage, .max) == name(stage, 0))
  }

  @Test("gives a hash the same endpoint whatever the order of the set")
  func stable() {
    let (stage, other) = (ready(Self.names), ready(Self.names.reversed()))
    for key in 0..<500 {
      let hash = XXHash64.hash("\(key)")
      #expect(name(stage, hash) == name(other, hash))
    }
  }

  @Test("moves few requests when an endpoint leaves, and its own to all others")
  func leaving() {
    let (before, after) = (ready(Self.names), ready(["a", "b", "c"]))
    var moved = 0
    var heirs: [String: Int] = [:]
    for key in 0..<4_000 {
      let hash = XXHash64.hash("\(key)")
      guard let old = name(before, hash), let new = name(after, hash) else { continue }
      if old == "d" { heirs[new, default: 0] += 1 } else if old != new { moved += 1 }
    }
    // Those that stay get a third more points; with the same ones as before, a quarter of the
    // requests that were not d's would move at most.
    #expect(moved < 4_000 / 4)
    #expect(heirs.count == 3)
  }

  @Test("waits for an endpoint that connects, and goes to the next of one that fails")
  func notReady() throws {
    var stage = ready(Self.names)
    let hash = point("b")
    let id = try stage.id("b")
    stage.disconnected(id)
    #expect(stage.pick(hash: hash) == .wait)
    stage.connectFailed(id, "refused")
    let next = try #require(name(stage, hash))
    #expect(next != "b")
    // It counts as failing while it tries again (gRFC A42), and it is its turn when it is back.
    stage.retryElapsed(id)
    #expect(name(stage, hash) == next)
    stage.connected(id)
    #expect(name(stage, hash) == "b")
  }

  @Test("waits for the second endpoint too, but not for a third")
  func second() throws {
    var stage = ready(Self.names)
    let hash = point("a")
    let first = try stage.id("a")
    stage.disconnected(first)
    stage.connectFailed(first, "refused")
    let second = try stage.id(#require(name(stage, hash)))
    stage.disconnected(second)
    #expect(stage.pick(hash: hash) == .wait)
    stage.connectFailed(second, "refused")
    let third = try stage.id(#require(name(stage, hash)))
    stage.disconnected(third)
    #expect(name(stage, hash) != nil, "the fourth is ready")
    #expect(stage.pick(hash: hash) != .subchannel(third))
  }

  @Test("sends what has no endpoint's hash anywhere")
  func noHash() {
    #expect(Set(ready(Self.names).pickNames(200)) == Set(Self.names))
  }

  @Test("retries at the next endpoint of the ring, always the same")
  func avoiding() throws {
    let stage = ready(Self.names)
    let hash = point("c")
    let id = try stage.id("c")
    let names = Set((0..<20).compactMap { _ in name(stage, hash, avoiding: id) })
    #expect(names.count == 1 && !names.contains("c"))
  }

  @Test("uses what is ready though a small ring has no point for it")
  func smallRing() throws {
    var stage = ready(Self.names, policy: RingHashPolicy(minimumSize: 1, maximumSize: 1))
    let only = try #require(name(stage, 0))
    let id = try stage.id(only)
    stage.disconnected(id)
    stage.connectFailed(id, "refused")
    #expect(name(stage, 0) != nil)
  }
}
