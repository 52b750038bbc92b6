import NIOCore

/// What time it is on a worker, in nanoseconds that do not go back.
///
/// Read once for each batch of bytes or timer, so that all that happens in it happens at the same time.
struct WorkerClock {
  private(set) var now: UInt64 = NIODeadline.now().uptimeNanoseconds

  mutating func tick() -> UInt64 {
    now = NIODeadline.now().uptimeNanoseconds
    return now
  }
}

extension TimeAmount {
  init(_ duration: Duration) {
    let parts = duration.components
    self = .nanoseconds(parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000)
  }
}
