/// The policies that a configuration can name. A value: who wants a policy of their own adds it to
/// a copy and passes that on.
public struct PolicyRegistry: Sendable {
  private var policies: [String: any Policy] = [:]

  /// A registry of these policies. Of two with the same name, the later counts.
  public init(_ policies: [any Policy] = []) {
    for policy in policies {
      register(policy)
    }
  }

  /// `round_robin`, `weighted_round_robin`, `random`, `least_request` (in gRPC's configuration
  /// `least_request_experimental`), `least_request_full_scan`, `peak_ewma_experimental`,
  /// `ring_hash_experimental` and `pick_first`.
  public static let standard = PolicyRegistry([
    RoundRobinPolicy(),
    WeightedRoundRobinPolicy(),
    RandomPolicy(),
    LeastRequestPolicy(method: .twoChoices),
    LeastRequestPolicy(method: .choices(2)),
    LeastRequestPolicy(method: .fullScan),
    PeakEWMAPolicy(),
    RingHashPolicy(),
    PickFirstPolicy(),
  ])

  /// Adds a policy under its name, or takes the place of the one that had it.
  public mutating func register(_ policy: any Policy) {
    policies[policy.name] = policy
  }

  /// The policy of this name, `nil` if there is none.
  public subscript(name: String) -> (any Policy)? { policies[name] }

  /// All names, in alphabetical order.
  public var names: [String] { policies.keys.sorted() }
}
