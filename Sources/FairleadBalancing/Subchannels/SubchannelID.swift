/// Names one subchannel of a ``Balancer``. Small and dense, so that an owner can use `index` as the index of an array;
/// an index is used again after its subchannel is gone.
public struct SubchannelID: Sendable, Hashable {
  public let index: Int

  public init(index: Int) {
    self.index = index
  }
}
