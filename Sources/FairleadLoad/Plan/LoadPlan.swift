/// How much load a run makes, how fast, and for how long.
package struct LoadPlan: Sendable, Hashable {
  /// When a run is over.
  package enum Extent: Sendable, Hashable {
    /// After so many calls, those of the warm-up not among them.
    case calls(Int)
    /// After so many nanoseconds, those of the warm-up not among them.
    case duration(UInt64)
  }

  package var extent: Extent
  /// Calls under way at once over all connections: in a closed loop always, in an open one at most. At least 1.
  package var concurrency: Int
  /// Connections to the address, kept open. At least 1.
  package var connections: Int
  /// An open loop: so many calls a second are due, whatever the server does. `nil`: a closed loop, each call begins when
  /// another has ended.
  package var ratePerSecond: Double?
  /// How long calls are made that are not counted, in nanoseconds.
  package var warmUp: UInt64
  /// How long a call may take, in nanoseconds; `nil`: as long as it likes. In an open loop also how late a call may begin.
  package var timeout: UInt64?

  package init(
    extent: Extent, concurrency: Int, connections: Int = 1, ratePerSecond: Double? = nil,
    warmUp: UInt64 = 0, timeout: UInt64? = nil
  ) {
    self.extent = extent
    self.concurrency = concurrency
    self.connections = connections
    self.ratePerSecond = ratePerSecond
    self.warmUp = warmUp
    self.timeout = timeout
  }
}
