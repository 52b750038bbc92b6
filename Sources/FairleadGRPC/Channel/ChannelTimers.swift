import NIOCore
import Synchronization

/// The timers of one channel, on an event loop. Safe to use from any thread.
final class ChannelTimers: Sendable {
  private let loop: any EventLoop
  private let scheduled = Mutex<[ChannelTimer: Scheduled<Void>]>([:])

  init(on loop: any EventLoop) {
    self.loop = loop
  }

  /// Begins a timer, anew if it runs.
  func schedule(
    _ timer: ChannelTimer, after delay: Duration,
    _ elapsed: @escaping @Sendable (ChannelTimer) -> Void
  ) {
    let task = loop.scheduleTask(in: TimeAmount(delay)) { [weak self] in
      self?.scheduled.withLock { $0[timer] = nil }
      elapsed(timer)
    }
    let old = scheduled.withLock { $0.updateValue(task, forKey: timer) }
    old?.cancel()
  }

  func cancel(_ timer: ChannelTimer) {
    let task = scheduled.withLock { $0.removeValue(forKey: timer) }
    task?.cancel()
  }

  func cancelAll() {
    let all = scheduled.withLock { scheduled in
      defer { scheduled.removeAll() }
      return scheduled
    }
    for task in all.values { task.cancel() }
  }
}
