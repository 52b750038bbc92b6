extension Interleave {
  /// One call that a choice is due within a period.
  private struct Turn {
    var choice: Int32
    /// The exact moment from which the choice is owed this call, in slots.
    var start: Double
    /// The first slot that this call may have: before it, the choice would be a whole call ahead.
    var release: Int
    /// The slot before which the call must be: from it on, the choice would be a whole call behind.
    var deadline: Int

    static func isMoreUrgent(_ first: Turn, _ second: Turn) -> Bool {
      if first.deadline != second.deadline { return first.deadline < second.deadline }
      if first.start != second.start { return first.start < second.start }
      return first.choice < second.choice
    }
  }

  /// Gives each choice its share of the slots, by earliest deadline first.
  ///
  /// This is proportionate-fair scheduling of one processor: every call has a window of slots, and
  /// since the shares fill the period exactly, the most urgent call that may run always leaves room
  /// for the others within theirs. Lags that no order can make good in time only move calls within
  /// the period; every choice still has its exact share of it.
  static func schedule(shares: [Int], lags: [Double]) -> ContiguousArray<Int32> {
    let period = shares.reduce(0, +)
    var turns: [Turn] = []
    turns.reserveCapacity(period)
    for (choice, share) in shares.enumerated() where share > 0 {
      let step = Double(period) / Double(share)
      for count in 0..<share {
        let start = slot(Double(count) - lags[choice], step)
        let end = slot(Double(count + 1) - lags[choice], step)
        turns.append(
          Turn(
            choice: Int32(choice), start: start,
            release: min(max(0, Int(start.rounded(.down))), period - 1),
            deadline: min(Int(end.rounded(.up)), period)))
      }
    }
    turns.sort(by: Turn.isMoreUrgent)
    return place(turns)
  }

  /// A moment in slots. What is a whole slot but for the rounding of a lag counts as whole.
  private static func slot(_ calls: Double, _ step: Double) -> Double {
    let exact = calls * step
    let whole = exact.rounded()
    return abs(exact - whole) < 1e-6 ? whole : exact
  }

  /// Each turn at the first free slot from its release, the most urgent first.
  private static func place(_ turns: [Turn]) -> ContiguousArray<Int32> {
    var slots = ContiguousArray<Int32>(repeating: 0, count: turns.count)
    // Where to look for a free slot at or after this one; the last entry is past the end.
    var free = Array(0...turns.count)

    func firstFree(from start: Int) -> Int {
      var slot = start
      while free[slot] != slot {
        free[slot] = free[free[slot]]
        slot = free[slot]
      }
      return slot
    }

    for turn in turns {
      var slot = firstFree(from: turn.release)
      if slot == turns.count {
        slot = firstFree(from: 0)
      }
      slots[slot] = turn.choice
      free[slot] = slot + 1
    }
    return slots
  }
}
