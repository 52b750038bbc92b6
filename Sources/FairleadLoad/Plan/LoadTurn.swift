/// Which call a payload is made for.
package struct LoadTurn: Sendable, Hashable {
  /// The call's number in its run, from 0.
  package let number: Int
  /// Which of the calls under way at once it is, from 0 to one less than the concurrency.
  package let slot: Int

  package init(number: Int, slot: Int) {
    self.number = number
    self.slot = slot
  }
}
