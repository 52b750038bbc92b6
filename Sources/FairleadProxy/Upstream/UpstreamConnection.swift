import FairleadBalancing
import FairleadHTTP2
import NIOCore
import NIOPosix

/// One HTTP/2 connection to an endpoint. It takes calls once the endpoint's SETTINGS have come, until GOAWAY.
final class UpstreamConnection: SessionDelegate, HTTP2ConnectionOwner {
  let session: Session
  private let worker: Worker
  private let pool: UpstreamPool
  private var handler: HTTP2ConnectionHandler?
  private var state = State.connecting
  private var openTimer: Scheduled<Void>?

  private enum State {
    case connecting
    case ready
    /// Finishes its calls.
    case retired
    case closed
  }

  init(pool: UpstreamPool, worker: Worker) {
    self.pool = pool
    self.worker = worker
    session = Session(role: .client, configuration: worker.configuration.upstream)
    session.delegate = self
  }

  /// Whether one more call fits.
  var hasFreeStream: Bool {
    state == .ready && session.openStreams < session.peerMaxConcurrentStreams
      && session.hasFreeStreamIDs
  }

  // MARK: Opening

  func connect(to address: EndpointAddress) {
    let attempt = ClientBootstrap(group: worker.eventLoop)
      .connectTimeout(TimeAmount(worker.configuration.connectTime))
      .connect(to: address, silence: worker.configuration.upstreamSilence)
    attempt.assumeIsolated().whenComplete { result in
      switch result {
      case .success(let channel): self.didConnect(channel)
      case .failure(let error): self.didFail(SystemMessage.text(of: error))
      }
    }
  }

  private func didConnect(_ channel: any Channel) {
    guard state == .connecting else {
      return channel.close(promise: nil)
    }
    let handler = HTTP2ConnectionHandler(session: session, worker: worker, owner: self)
    self.handler = handler
    openTimer = worker.eventLoop.assumeIsolated().scheduleTask(
      in: TimeAmount(worker.configuration.connectTime)
    ) {
      self.didFail("no SETTINGS within \(self.worker.configuration.connectTime)")
    }
    do {
      try channel.pipeline.syncOperations.addHandler(handler)
    } catch {
      didFail("\(error)")
      channel.close(promise: nil)
    }
  }

  private func didFail(_ error: String) {
    guard state == .connecting else { return }
    state = .closed
    openTimer?.cancel()
    if let handler {
      handler.close()
    } else {
      session.close()
    }
    pool.didFailToOpen(self, error: error)
  }

  // MARK: Closing

  /// Takes no more calls; closes when those that run have ended.
  func finish() {
    guard state == .ready || state == .retired else {
      return closeNow()
    }
    state = .retired
    session.goAway()
  }

  func closeNow() {
    if state == .connecting {
      didFail("no longer wanted")
    } else {
      handler?.close()
    }
  }

  // MARK: Session

  func session(_ session: Session, didOpen stream: HTTP2Stream) {
    // A server opens no streams: push is off.
    session.reset(stream, .refusedStream)
  }

  func sessionNeedsSend(_ session: Session) {
    if let handler {
      worker.flusher.add(handler)
    }
  }

  func sessionDidReceiveSettings(_ session: Session) {
    guard state == .connecting else {
      return pool.didFreeStream()
    }
    state = .ready
    openTimer?.cancel()
    openTimer = nil
    pool.didOpen(self)
  }

  func session(_ session: Session, didReceiveGoAway code: ErrorCode, lastStreamID: Int32) {
    switch state {
    case .connecting: didFail("GOAWAY \(code) before SETTINGS")
    case .ready:
      retire()
      session.goAway()
    case .retired, .closed: break
    }
  }

  func sessionDidReceivePingAck(_ session: Session) {}

  func sessionDidCloseStream(_ session: Session) {
    pool.didFreeStream()
  }

  func session(_ session: Session, didExceed limit: SessionLimit) {
    worker.logger.debug(
      "An endpoint exceeded a limit.",
      metadata: ["endpoint": "\(pool.endpoint.name)", "limit": "\(limit.rawValue)"])
  }

  // MARK: Connection

  func connectionDidFail(_ error: Session.ReceiveError) {
    switch state {
    case .connecting: didFail("the endpoint does not speak HTTP/2")
    case .ready, .retired:
      retire()
      handler?.close()
    case .closed: break
    }
  }

  /// Takes no more calls.
  private func retire() {
    guard state == .ready else { return }
    state = .retired
    pool.didRetire(self)
  }

  func connectionDidClose(_ error: (any Error)?) {
    handler = nil
    switch state {
    case .connecting:
      didFail(error.map(SystemMessage.text(of:)) ?? "closed before SETTINGS")
    case .ready, .retired:
      state = .closed
      pool.didClose(self)
    case .closed: break
    }
  }
}
