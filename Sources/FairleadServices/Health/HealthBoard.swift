import Synchronization

/// The health of each service of one server, and who is told when it changes.
///
/// The empty name stands for the server as a whole. Any thread may call any method.
package final class HealthBoard: Sendable {
  private struct Watcher {
    var service: String
    var changes: AsyncStream<HealthStatus?>.Continuation
  }

  private struct State {
    var statuses: [String: HealthStatus]
    var watchers: [Int: Watcher] = [:]
    var nextWatcher = 0
    var isClosed = false

    func watchers(of service: String) -> [AsyncStream<HealthStatus?>.Continuation] {
      self.watchers.values.filter { $0.service == service }.map(\.changes)
    }
  }

  private let state: Mutex<State>

  /// Held while watchers are told, so that two changes reach each in the order they were made. Not the
  /// state's own lock: a yield waits for a reader that is being cancelled, and that one takes the
  /// state's lock to leave.
  private let telling = Mutex<Void>(())

  /// A board on which the server as a whole and each of `services` is serving.
  package init(serving services: [String]) {
    let named = services.map { ($0, HealthStatus.serving) }
    self.state = Mutex(State(statuses: Dictionary([("", .serving)] + named) { $1 }))
  }

  /// Every service's status.
  package var statuses: [String: HealthStatus] {
    self.state.withLock { $0.statuses }
  }

  /// The status of one service, nil if the board does not know it.
  package func status(of service: String) -> HealthStatus? {
    self.state.withLock { $0.statuses[service] }
  }

  /// Sets one service's status and tells those who watch it. Does nothing once the board is closed.
  package func set(_ status: HealthStatus, for service: String) {
    self.telling.withLock { _ in
      let watchers = self.state.withLock { state -> [AsyncStream<HealthStatus?>.Continuation] in
        guard !state.isClosed, state.statuses[service] != status else { return [] }
        state.statuses[service] = status
        return state.watchers(of: service)
      }
      for watcher in watchers { watcher.yield(status) }
    }
  }

  /// Sets every service to not serving, tells all watchers and ends their streams.
  ///
  /// What comes after is ignored: a server that stops does not start to serve again.
  package func close() {
    self.telling.withLock { _ in
      let (watchers, known) = self.state.withLock { state -> ([Watcher], Set<String>) in
        guard !state.isClosed else { return ([], []) }
        state.isClosed = true
        state.statuses = state.statuses.mapValues { _ in .notServing }
        defer { state.watchers = [:] }
        return (Array(state.watchers.values), Set(state.statuses.keys))
      }
      for watcher in watchers {
        if known.contains(watcher.service) { watcher.changes.yield(.notServing) }
        watcher.changes.finish()
      }
    }
  }

  /// How many watch a service; each holds memory until it ends its watch or the board closes.
  package var watcherCount: Int {
    self.state.withLock { $0.watchers.count }
  }

  /// The status of one service now and at each change; nil while the board does not know it.
  ///
  /// A slow reader sees the latest status, not each one on the way. Ends when the board closes.
  package func changes(of service: String) -> AsyncStream<HealthStatus?> {
    self.watch(service).changes
  }

  /// As ``changes(of:)``, for who may have to end the watch from outside the task that reads.
  package func watch(_ service: String) -> HealthWatch {
    let (stream, continuation) = AsyncStream.makeStream(
      of: HealthStatus?.self,
      bufferingPolicy: .bufferingNewest(1)
    )
    // Under the lock: outside it, this older status could overwrite a newer one. Nobody reads yet, so
    // the yield does not wait.
    let (id, isClosed) = self.state.withLock { state -> (Int, Bool) in
      continuation.yield(state.statuses[service])
      let id = state.nextWatcher
      state.nextWatcher += 1
      if !state.isClosed {
        state.watchers[id] = Watcher(service: service, changes: continuation)
      }
      return (id, state.isClosed)
    }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { _ = $0.watchers.removeValue(forKey: id) }
    }
    if isClosed {
      continuation.finish()
    }
    return HealthWatch(changes: stream, continuation: continuation)
  }
}
