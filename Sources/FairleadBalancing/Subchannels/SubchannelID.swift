/// Names one subchannel of a ``Balancer``. Small and dense, so that an owner can use `index` as the
/// index of an array.
///
/// An index is used again after its subchannel is gone, with another generation. So an event that
/// comes late, under the id that its owner was given, never reaches the new holder of the index.
/// Hand on the id that an action or a pick carried; do not make one from a bare index.
public struct SubchannelID: Sendable, Hashable {
  private let position: UInt32
  /// How often the index was used before.
  let generation: UInt32

  /// The id of the first subchannel that has this index; for owners that begin with one, and tests.
  public init(index: Int) {
    self.init(index: index, generation: 0)
  }

  init(index: Int, generation: UInt32) {
    position = UInt32(truncatingIfNeeded: index)
    self.generation = generation
  }

  /// Its place in an array of the owner; used again when the subchannel is gone.
  public var index: Int { Int(position) }
}
