/// Something that ends at a time unless it has ended before.
protocol DeadlineHolder: AnyObject {
  /// Nanoseconds of the wheel's clock.
  var deadline: UInt64 { get }
  /// Where the wheel has it; only the wheel changes it.
  var wheelPosition: DeadlineWheelPosition? { get set }
}

struct DeadlineWheelPosition {
  var slot: Int
  var index: Int
}

/// Deadlines in slots of `tick` nanoseconds, so that adding and removing one costs the same however many there are. A
/// deadline fires at the first look after its tick is over, never early.
struct DeadlineWheel<Holder: DeadlineHolder> {
  static var tick: UInt64 { 5_000_000 }

  private var slots: [[Holder]]
  private var firedTick: UInt64
  private(set) var count = 0

  init(now: UInt64, slots: Int = 1024) {
    self.slots = Array(repeating: [], count: slots)
    firedTick = max(now / Self.tick, 1) - 1
  }

  mutating func insert(_ holder: Holder) {
    let tick = max(holder.deadline / Self.tick, firedTick + 1)
    let slot = Int(tick % UInt64(slots.count))
    holder.wheelPosition = DeadlineWheelPosition(slot: slot, index: slots[slot].count)
    slots[slot].append(holder)
    count += 1
  }

  mutating func remove(_ holder: Holder) {
    guard let position = holder.wheelPosition else { return }
    holder.wheelPosition = nil
    count -= 1
    let last = slots[position.slot].removeLast()
    if last !== holder {
      last.wheelPosition = position
      slots[position.slot][position.index] = last
    }
  }

  /// Takes out all whose deadline has passed.
  mutating func expire(now: UInt64) -> [Holder] {
    // What lies in a tick has passed for certain when the tick is over.
    let lastTick = max(now / Self.tick, 1) - 1
    guard lastTick > firedTick else { return [] }
    var expired: [Holder] = []
    if count > 0 {
      let turns = min(lastTick - firedTick, UInt64(slots.count))
      for tick in (lastTick - turns + 1)...lastTick {
        expired += slots[Int(tick % UInt64(slots.count))].filter { $0.deadline <= now }
      }
    }
    firedTick = lastTick
    for holder in expired {
      remove(holder)
    }
    return expired
  }
}
