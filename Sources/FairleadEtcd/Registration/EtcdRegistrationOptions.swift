import FairleadBalancing
import FairleadDiscovery

/// How an endpoint is registered.
public struct EtcdRegistrationOptions: Sendable {
  /// How the value of the key is written.
  public enum Layout: Sendable, Hashable {
    /// The JSON of etcd's own naming package, which clients in Go read; with name, weight, locality and
    /// labels as its metadata.
    case naming
    /// The bare address.
    case address
  }

  /// How long the key outlives a process that is killed. In whole seconds, 1 at least; etcd may give a
  /// longer one.
  public var lease = Duration.seconds(10)
  public var layout = Layout.naming
  /// How long taking the key away may take when the process ends.
  public var farewellTimeout = Duration.seconds(2)
  /// For jitter.
  public var random: RandomSource
  /// What waiting is measured by.
  public var clock: any Clock<Duration> = ContinuousClock()
  /// The time, for how long a session held.
  public var now: @Sendable () -> ContinuousClock.Instant = { .now }

  /// - Parameter seed: of everything random that it does.
  public init(seed: UInt64) {
    random = RandomSource(seed: seed)
  }
}
