import FairleadTestSupport
import Testing

@testable import FairleadProxy

private final class Holder: DeadlineHolder {
  let deadline: UInt64
  var wheelPosition: DeadlineWheelPosition?

  init(_ deadline: UInt64) {
    self.deadline = deadline
  }
}

@Suite("A deadline wheel")
struct DeadlineWheelTests {
  private static var tick: UInt64 { DeadlineWheel<Holder>.tick }
  private let start = 1_000_003 * tick + 17

  /// Steps a clock and writes down when each deadline fired.
  private func fire(
    _ wheel: inout DeadlineWheel<Holder>, from start: UInt64, to end: UInt64, step: UInt64
  ) -> [ObjectIdentifier: UInt64] {
    var fired: [ObjectIdentifier: UInt64] = [:]
    for now in stride(from: start, through: end, by: Int(step)) {
      for holder in wheel.expire(now: now) {
        #expect(holder.deadline <= now, "fired early")
        #expect(fired[ObjectIdentifier(holder)] == nil, "fired twice")
        #expect(holder.wheelPosition == nil)
        fired[ObjectIdentifier(holder)] = now
      }
    }
    return fired
  }

  @Test("fires never early, and at most one tick and one look late", arguments: 1...10)
  func precision(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    var wheel = DeadlineWheel<Holder>(now: start, slots: 64)
    let span = 500 * Self.tick
    let holders = (0..<1000).map { _ in
      Holder(start + UInt64.random(in: 0...span, using: &random))
    }
    for holder in holders {
      wheel.insert(holder)
    }
    let step = Self.tick / 3
    let fired = fire(&wheel, from: start, to: start + span + 2 * Self.tick, step: step)
    #expect(fired.count == 1000)
    #expect(wheel.count == 0)
    for holder in holders {
      let at = fired[ObjectIdentifier(holder)] ?? .max
      #expect(at - holder.deadline <= Self.tick + step)
    }
  }

  @Test("keeps deadlines that are more than one turn away", arguments: [1, 2, 10])
  func rotations(turns: UInt64) {
    var wheel = DeadlineWheel<Holder>(now: start, slots: 16)
    let holder = Holder(start + turns * 16 * Self.tick + 3)
    wheel.insert(holder)
    let early = fire(&wheel, from: start, to: holder.deadline - 1, step: Self.tick / 2)
    #expect(early.isEmpty)
    #expect(wheel.expire(now: holder.deadline + 2 * Self.tick).count == 1)
  }

  @Test("does not fire what was removed, and keeps its neighbours in the same slot")
  func removal() {
    var wheel = DeadlineWheel<Holder>(now: start)
    let holders = (0..<9).map { _ in Holder(start + 10) }
    for holder in holders {
      wheel.insert(holder)
    }
    for index in [0, 8, 4] {
      wheel.remove(holders[index])
      wheel.remove(holders[index])
    }
    #expect(wheel.count == 6)
    let fired = wheel.expire(now: start + 3 * Self.tick)
    #expect(
      Set(fired.map { ObjectIdentifier($0) })
        == Set([1, 2, 3, 5, 6, 7].map { ObjectIdentifier(holders[$0]) }))
    for holder in holders {
      wheel.remove(holder)
    }
    #expect(wheel.count == 0)
  }

  @Test("fires what had passed before it was put in")
  func past() {
    var wheel = DeadlineWheel<Holder>(now: start)
    _ = wheel.expire(now: start + 100 * Self.tick)
    wheel.insert(Holder(start))
    #expect(wheel.expire(now: start + 102 * Self.tick).count == 1)
  }

  @Test("fires all at once after it was not looked at for many turns")
  func longPause() {
    var wheel = DeadlineWheel<Holder>(now: start, slots: 8)
    for offset: UInt64 in 0..<100 {
      wheel.insert(Holder(start + offset * Self.tick))
    }
    #expect(wheel.expire(now: start + 1000 * Self.tick).count == 100)
    wheel.insert(Holder(start + 1001 * Self.tick))
    #expect(wheel.expire(now: start + 1001 * Self.tick - 1).isEmpty)
    #expect(wheel.expire(now: start + 1003 * Self.tick).count == 1)
  }

  @Test("does what a plain list does, whatever the order of operations", arguments: 1...20)
  func model(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    var now = start
    var wheel = DeadlineWheel<Holder>(now: now, slots: 32)
    var held: [Holder] = []
    for _ in 0..<2000 {
      switch Int.random(in: 0..<4, using: &random) {
      case 0, 1:
        let holder = Holder(now + UInt64.random(in: 0...(100 * Self.tick), using: &random))
        held.append(holder)
        wheel.insert(holder)
      case 2:
        guard let index = held.indices.randomElement(using: &random) else { continue }
        wheel.remove(held.remove(at: index))
      default:
        now += UInt64.random(in: 0...(20 * Self.tick), using: &random)
        let expired = Set(wheel.expire(now: now).map { ObjectIdentifier($0) })
        for holder in held {
          let isExpired = expired.contains(ObjectIdentifier(holder))
          #expect(isExpired ? holder.deadline <= now : holder.deadline + Self.tick > now)
        }
        held.removeAll { expired.contains(ObjectIdentifier($0)) }
      }
      #expect(wheel.count == held.count)
    }
  }
}
