import DequeModule
import FairleadBalancing
import FairleadHTTP2
import NIOCore

/// One event loop of a run: its connections, its calls and what it measures of them. Nothing in it is shared, so nothing in
/// it is locked.
///
/// All that happens in a turn of the event loop is followed by one look at the schedule and one write for each connection.
final class LoadWorker {
  let loop: any EventLoop
  /// What is being written, for all connections.
  var output = ByteBufferAllocator().buffer(capacity: 64 * 1024)
  let share: LoadShare
  let settings: LoadConnectionSettings
  let request: LoadRequest
  let headers: HeaderBlock
  /// The header that tells who answered.
  let backendHeader: [UInt8]?
  /// Whether replies tell who answered.
  let looksAtReplies: Bool
  /// Whether a good answer has one message, no more and no less.
  let expectsMessage: Bool
  let counter: LoadCounter
  let random: RandomSource

  var schedule: Schedule?
  var measurements = Measurements()
  var notes = LoadNotes()
  var connections: [LoadConnection?]
  /// Connections in the order in which they get the next call: each is there as often as it may have another.
  var turns: Deque<LoadConnection> = []
  private var dirty: [LoadConnectionHandler] = []
  private var isTurnScheduled = false
  private var isAwake = false
  var timer: (due: UInt64, task: Scheduled<Void>)?
  var calls: [LoadCall] = []
  var idle: [LoadCall] = []
  /// Those of the calls under way that no connection has.
  var waiting: Deque<LoadCall> = []
  var underWay = 0
  var names = BackendNames()
  var lastEnd: UInt64 = 0
  private var told = (calls: 0, failed: 0)
  private var toldPeriods = 0
  var connectionCount = 0
  /// Connections that take calls, now.
  var readyConnections = 0
  /// Attempts in a row that failed, and when the last one succeeded, by the connection's place.
  var attempts: [Int]
  var openedAt: [UInt64]
  var opening: LoadOpening?
  var done: EventLoopPromise<LoadWorkerOutcome>?
  var deadlines: Scheduled<Void>?
  var watch: Scheduled<Void>?
  /// When a connection was last seen to take calls, or a call was answered.
  var lastServed: UInt64 = 0
  /// Why the last connection that was lost or not opened was so, in a sentence.
  var lastTrouble: String?
  var wasStopped = false
  var isOver = false

  /// Nanoseconds of a clock that does not go back.
  static var now: UInt64 { NIODeadline.now().uptimeNanoseconds }

  init(
    share: LoadShare, settings: LoadConnectionSettings, request: LoadRequest,
    counter: LoadCounter, seed: UInt64, loop: any EventLoop
  ) {
    self.loop = loop
    self.share = share
    self.settings = settings
    self.request = request
    self.counter = counter
    expectsMessage = request.expectsMessage
    random = RandomSource(seed: seed)
    headers = HeaderBlock(request.headers(settings, timeout: share.plan.timeout))
    switch request.backend {
    case .peer: (backendHeader, looksAtReplies) = (nil, false)
    case .header(let name): (backendHeader, looksAtReplies) = (Array(name.utf8), false)
    case .field: (backendHeader, looksAtReplies) = (nil, true)
    }
    connections = Array(repeating: nil, count: share.connections)
    attempts = Array(repeating: 0, count: share.connections)
    openedAt = Array(repeating: 0, count: share.connections)
    for index in 0..<share.concurrency {
      calls.append(LoadCall(slot: index * share.workers + share.worker, worker: self))
    }
    idle = calls.reversed()
  }

  // MARK: Turns

  /// The schedule is to be looked at, and what is due to be written, once all that was ready to be read has been read.
  func wake() {
    isAwake = true
    scheduleTurn()
  }

  func needsFlush(_ handler: LoadConnectionHandler) {
    guard !handler.isDirty else { return }
    handler.isDirty = true
    dirty.append(handler)
    scheduleTurn()
  }

  private func scheduleTurn() {
    guard !isTurnScheduled else { return }
    isTurnScheduled = true
    loop.assumeIsolated().execute { self.turn() }
  }

  private func turn() {
    isTurnScheduled = true
    // Calls may end while frames are written, those that we reset.
    repeat {
      isAwake = false
      begin()
      while let handler = dirty.popLast() { handler.flush() }
    } while isAwake
    isTurnScheduled = false
    counter.add(
      calls: measurements.calls - told.calls, failed: measurements.failed - told.failed)
    told = (measurements.calls, measurements.failed)
    if measurements.timeline.periodsOver != toldPeriods {
      toldPeriods = measurements.timeline.periodsOver
      measurements.timeline.lastPeriod.map(counter.ended)
    }
  }

  func nextCall(now: UInt64, underWay: Int) -> ScheduledCall? {
    switch schedule?.next(now: now, underWay: underWay) {
    case .begin(let call): return call
    case .wait(let due):
      wake(at: due)
      return nil
    case .full:
      if let end = schedule?.end { wake(at: end) }
      return nil
    case .finished, nil:
      if self.underWay == 0 { finish() }
      return nil
    }
  }

  func wake(at due: UInt64) {
    if let timer, timer.due <= due { return }
    timer?.task.cancel()
    let task = loop.assumeIsolated().scheduleTask(deadline: .uptimeNanoseconds(due)) {
      self.timer = nil
      self.turn()
    }
    timer = (due, task)
  }
}
