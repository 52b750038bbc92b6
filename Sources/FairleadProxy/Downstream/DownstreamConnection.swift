import FairleadHTTP2
import FairleadTelemetry
import NIOCore

/// One client's HTTP/2 connection: begins an ``Exchange`` for each stream that the client opens.
final class DownstreamConnection: SessionDelegate, HTTP2ConnectionOwner, DrainableConnection {
  let worker: Worker
  let session: Session
  private let listener: Listener
  private var handler: HTTP2ConnectionHandler?
  private var routeCache: RouteCache?
  private var handshakeTimer: Scheduled<Void>?
  private var closeReason = CloseReason.client
  private var drainPhase = DrainPhase.serving

  private struct RouteCache {
    let authority: [UInt8]
    /// Of the Snapshot, which the cache must not keep alive.
    let generation: Int
    let routes: HostRoutes
  }

  private enum DrainPhase {
    case serving
    /// The first GOAWAY is out; calls that the client sent before it saw it are still taken.
    case announced
    case refusing
  }

  init(listener: Listener, worker: Worker) {
    self.listener = listener
    self.worker = worker
    session = Session(role: .server, configuration: worker.configuration.downstream)
    session.delegate = self
  }

  /// The handler for the client's channel.
  func makeHandler() -> HTTP2ConnectionHandler {
    let handler = HTTP2ConnectionHandler(session: session, worker: worker, owner: self)
    self.handler = handler
    worker.listeners[listener.index].connectionOpened()
    handshakeTimer = worker.eventLoop.assumeIsolated().scheduleTask(
      in: TimeAmount(worker.configuration.handshakeTime)
    ) {
      self.closeReason = .timeout
      self.handler?.close()
    }
    worker.add(self)
    return handler
  }

  // MARK: Calls

  func session(_ session: Session, didOpen stream: HTTP2Stream) {
    guard drainPhase != .refusing else {
      // The GOAWAY that is queued says that it was not looked at.
      return session.reset(stream, .refusedStream)
    }
    let exchange = Exchange(downstream: stream, connection: self)
    stream.handler = exchange
    exchange.begin()
  }

  /// The routes for a call's authority, or for the service that the listener stands for.
  func routes(for headers: HeaderBlock) -> HostRoutes? {
    let table = worker.routes
    if let authority = listener.authority {
      if let routeCache, routeCache.generation == table.snapshot.generation {
        return routeCache.routes
      }
      return remember([], table, table.routes(authority: authority, worker: worker))
    }
    guard
      let index = headers.firstIndex(of: .authority) ?? headers.firstIndex(of: .host)
    else { return nil }
    if let routeCache, routeCache.generation == table.snapshot.generation,
      headers.value(at: index, equals: routeCache.authority)
    {
      return routeCache.routes
    }
    let routes = table.routes(authority: headers.value(at: index), worker: worker)
    return remember(Array(headers.valueBytes(at: index)), table, routes)
  }

  private func remember(
    _ authority: [UInt8], _ table: RouteTable, _ routes: HostRoutes?
  ) -> HostRoutes? {
    routeCache = routes.map {
      RouteCache(authority: authority, generation: table.snapshot.generation, routes: $0)
    }
    return routes
  }

  /// A call that belongs to no cluster has ended.
  func count(unrouted outcome: CallOutcome) {
    worker.listeners[listener.index].unrouted.record(outcome)
  }

  // MARK: Session

  func sessionNeedsSend(_ session: Session) {
    if let handler {
      worker.flusher.add(handler)
    }
  }

  func sessionDidReceiveSettings(_ session: Session) {
    handshakeTimer?.cancel()
    handshakeTimer = nil
  }

  func session(_ session: Session, didReceiveGoAway code: ErrorCode, lastStreamID: Int32) {}

  func sessionDidReceivePingAck(_ session: Session) {
    refuseNewCalls()
  }

  func sessionDidCloseStream(_ session: Session) {}

  func session(_ session: Session, didExceed limit: SessionLimit) {
    worker.listeners[listener.index].limitTripped(limit.rawValue)
  }

  // MARK: Connection

  func connectionDidFail(_ error: Session.ReceiveError) {
    switch error {
    case .limit: closeReason = .limit
    case .badPreface, .protocolViolation:
      closeReason = .protocolError
      worker.listeners[listener.index].protocolErrorSeen()
    }
  }

  func connectionDidClose(_ error: (any Error)?) {
    handshakeTimer?.cancel()
    if error != nil, closeReason == .client {
      closeReason = .transportError
    }
    worker.listeners[listener.index].connectionClosed(closeReason)
    worker.remove(self)
    handler = nil
  }

  // MARK: Drain

  /// GOAWAY in two steps (gRFC A9): announce, and refuse after a round trip, or after a pause if there is no answer.
  func drain() {
    guard drainPhase == .serving else { return }
    drainPhase = .announced
    closeReason = .drained
    session.announceShutdown()
    session.ping()
    worker.eventLoop.assumeIsolated().scheduleTask(
      in: TimeAmount(worker.configuration.goAwayPause)
    ) { self.refuseNewCalls() }
  }

  func closeNow() {
    closeReason = .drainTimeout
    handler?.close()
  }

  private func refuseNewCalls() {
    guard drainPhase == .announced else { return }
    drainPhase = .refusing
    session.goAway()
  }
}
