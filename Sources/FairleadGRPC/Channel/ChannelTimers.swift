import NIOCore
import Synchronization

/// The timers of one channel, on an event loop. Safe to use from any thread.
final class ChannelTimers: Sendable {
  private struct Running {
    let number: Int
    let task: Scheduled<Void>
  }

  private struct State {
    var running: [ChannelTimer: Running] = [:]
    var timersEver = 0
  }

  private let loop: any EventLoop
  private let state = Mutex(State())

  init(on loop: any EventLoop) {
    self.loop = loop
  }

  /// Begins a timer, anew if it runs.
  func schedule(
    _ timer: ChannelTimer, after delay: Duration,
    _ elapsed: @escaping @Sendable (ChannelTimer) -> Void
  ) {
    let old = state.withLock { state in
      state.timersEver += 1
      let number = state.timersEver
      // Within the lock, so that it is noted before it fires.
      let task = loop.scheduleTask(in: TimeAmount(delay)) { [weak self] in
        self?.fired(timer, number)
        elapsed(timer)
      }
      return state.running.updateValue(Running(number: number, task: task), forKey: timer)
    }
    old?.task.cancel()
  }

  private func fired(_ timer: ChannelTimer, _ number: Int) {
    state.withLock { state in
      if state.running[timer]?.number == number { state.running[timer] = nil }
    }
  }

  func cancel(_ timer: ChannelTimer) {
    let running = state.withLock { $0.running.removeValue(forKey: timer) }
    running?.task.cancel()
  }

  func cancelAll() {
    let all = state.withLock { state in
      defer { state.running.removeAll() }
      return state.running
    }
    for running in all.values { running.task.cancel() }
  }
}
