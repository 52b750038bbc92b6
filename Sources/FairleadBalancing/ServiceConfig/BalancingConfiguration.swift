/// How the calls of one channel are spread: what a `loadBalancingConfig` says, as values.
public struct BalancingConfiguration: Sendable {
  /// The innermost policy.
  public var policy: any Policy
  /// `outlier_detection_experimental` around it.
  public var outlierDetection: OutlierDetection?
  /// `random_subsetting_experimental` around it.
  public var subsetting: Subsetting?
  /// Whether endpoints are tried in a random order: `shuffleAddressList` of `pick_first` (gRFC A62).
  public var shufflesEndpoints: Bool
  /// Not part of gRPC's JSON: set it in code.
  public var slowStart: SlowStart?

  /// A policy, and what is around it.
  public init(
    policy: any Policy, outlierDetection: OutlierDetection? = nil,
    subsetting: Subsetting? = nil, shufflesEndpoints: Bool = false, slowStart: SlowStart? = nil
  ) {
    self.policy = policy
    self.outlierDetection = outlierDetection
    self.subsetting = subsetting
    self.shufflesEndpoints = shufflesEndpoints
    self.slowStart = slowStart
  }

  /// What a balancer is to be given of a resolver's answer: a part of it, or all in another order.
  ///
  /// - Parameter salt: a random number that the client keeps.
  public func prepare(_ set: EndpointSet, salt: UInt64) -> EndpointSet {
    let part = subsetting?.subset(of: set, salt: salt) ?? set
    return shufflesEndpoints ? part.shuffled(salt: salt) : part
  }
}
