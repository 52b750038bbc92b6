import FairleadGRPC
import FairleadHTTP2
import NIOCore
import NIOPosix

/// One HTTP/2 connection of a worker. It takes calls from the server's SETTINGS on, until GOAWAY or its end. Confined to
/// the worker's event loop.
final class LoadConnection: SessionDelegate {
  let session: Session
  /// Its place among the worker's connections; a replacement takes the same.
  let index: Int
  /// Another one for each connection of the run.
  let number: Int
  /// The address at its other end, as a report has it; empty until it is connected.
  private(set) var peer = ""
  /// Who answered over it last, by its number in the worker's measurements; -1 if nobody has.
  var lastBackend = -1
  /// The same of calls that count, and the number under which those are counted; -1 if there was none.
  var countedBackend = -1
  var slot = -1
  /// Calls that it could take if the server allowed more streams.
  var heldBack = 0
  private(set) var goAway: GoAwayNote?
  private let worker: LoadWorker
  private var handler: LoadConnectionHandler?
  private var state = State.connecting
  private var openTimer: Scheduled<Void>?

  private enum State {
    case connecting
    case ready
    /// Finishes its calls.
    case retired
    case closed
  }

  init(index: Int, number: Int, worker: LoadWorker) {
    self.index = index
    self.number = number
    self.worker = worker
    session = Session(role: .client, configuration: LoadConnectionSettings.session)
    session.delegate = self
  }

  var isReady: Bool { state == .ready }

  var hasFreeStream: Bool { session.openStreams < session.peerMaxConcurrentStreams }

  // MARK: Opening

  func open(_ settings: LoadConnectionSettings) {
    let timeout = TimeAmount.nanoseconds(settings.connectTimeout.nanoseconds)
    let (security, server) = (settings.security, settings.address.description)
    openTimer = worker.loop.assumeIsolated().scheduleTask(in: timeout) {
      self.fail(SessionFault.noSettings)
    }
    let attempt = ClientBootstrap(group: worker.loop)
      .connectTimeout(timeout)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { [name = settings.serverName] channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandlers(
            security.makeHandlers(serverName: name, server: server))
        }
      }
      .connect(host: settings.address.host, port: settings.address.port)
    attempt.assumeIsolated().whenComplete { result in
      switch result {
      case .success(let channel): self.didConnect(channel)
      case .failure(let error): self.fail(error)
      }
    }
  }

  private func didConnect(_ channel: any Channel) {
    guard state == .connecting else { return channel.close(promise: nil) }
    peer = channel.remoteAddress?.text ?? ""
    let handler = LoadConnectionHandler(session: session, connection: self, worker: worker)
    self.handler = handler
    do {
      try channel.pipeline.syncOperations.addHandler(handler)
    } catch {
      channel.close(promise: nil)
      fail(error)
    }
  }

  /// It will not come to be.
  private func fail(_ error: (any Error)?) {
    guard state == .connecting else { return }
    end()
    worker.didFailToOpen(self, error)
  }

  // MARK: Closing

  /// Takes no more calls; closes when those that run have ended.
  func finish() {
    switch state {
    case .connecting: end()
    case .ready, .retired:
      state = .retired
      session.goAway()
    case .closed: break
    }
  }

  private func end() {
    state = .closed
    openTimer?.cancel()
    openTimer = nil
    if let handler {
      handler.close()
    } else {
      session.close()
    }
  }

  /// - Parameter cause: What the server did, behind "since"; `nil` if it did nothing.
  private func retire(since cause: String?) {
    guard state == .ready else { return }
    state = .retired
    worker.didRetire(self, since: cause)
  }

  /// The session takes no more requests, whatever the server does: another connection has to.
  func retireUsedUp() {
    retire(since: nil)
    session.goAway()
  }

  // MARK: Session

  func session(_ session: Session, didOpen stream: HTTP2Stream) {
    // A server opens no streams: push is off.
    session.reset(stream, .refusedStream)
  }

  func sessionNeedsSend(_ session: Session) {
    guard let handler else { return }
    worker.needsFlush(handler)
  }

  func sessionDidReceiveSettings(_ session: Session) {
    guard state == .connecting else { return worker.didFreeStream(of: self) }
    state = .ready
    openTimer?.cancel()
    openTimer = nil
    worker.didOpen(self)
  }

  func session(_ session: Session, didReceiveGoAway code: ErrorCode, lastStreamID: Int32) {
    if state == .connecting {
      return fail(SessionFault.noHTTP2)
    }
    guard state == .ready else { return }
    let note = GoAwayNote(code, text: session.goAwayText)
    goAway = note
    retire(since: "the server closed it with \(note)")
    session.goAway()
  }

  func sessionDidReceivePingAck(_ session: Session) {}

  func sessionDidCloseStream(_ session: Session) {
    if heldBack > 0 { worker.didFreeStream(of: self) }
    if state == .ready, !session.hasFreeStreamIDs { retireUsedUp() }
  }

  func session(_ session: Session, didExceed limit: SessionLimit) {}

  // MARK: Socket

  func didBreakRules() {
    switch state {
    case .connecting: fail(SessionFault.noHTTP2)
    case .ready, .retired: retire(since: "the server broke the rules of HTTP/2")
    case .closed: break
    }
  }

  func didClose(_ error: (any Error)?) {
    handler = nil
    switch state {
    case .connecting: fail(error)
    case .ready:
      retire(
        since: error.map { "it broke off: \(ConnectionProblem.words(of: $0))" }
          ?? "the server closed it without a word")
      state = .closed
    case .retired: state = .closed
    case .closed: break
    }
  }
}
