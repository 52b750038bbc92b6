import FairleadBalancing
import FairleadRouting
import FairleadTelemetry
import NIOCore
import NIOPosix

/// A client's connection that is given to one endpoint as it is: bytes both ways, whatever they mean.
///
/// If the endpoint refuses the connection another one is tried, before any byte has gone anywhere.
final class ForwardedConnection: DrainableConnection {
  private static let maxAttempts = 3

  private let worker: Worker
  private let listener: Listener
  private let client: any Channel
  private let cluster: UpstreamCluster
  private let scheduler: ConnectionScheduler
  private var tried: Set<EndpointAddress> = []
  private var endpoint: Endpoint?
  private var server: (any Channel)?
  /// Takes what the client sends, also before the endpoint is reached.
  private var fromClient: ForwardingHandler?
  private var closeReason = CloseReason.client
  private var isFinished = false

  init(
    client: any Channel, listener: Listener, cluster: UpstreamCluster,
    scheduler: ConnectionScheduler, worker: Worker
  ) {
    self.client = client
    self.listener = listener
    self.cluster = cluster
    self.scheduler = scheduler
    self.worker = worker
  }

  /// Connects, and then hands on `early`, what the client has sent so far.
  func begin(early: ByteBuffer?) {
    let handler = ForwardingHandler(early: early) { [self] in count(received: $0) }
    fromClient = handler
    worker.add(self)
    // Nothing is read while there is nobody to take it.
    client.setOption(.autoRead, value: false).assumeIsolated().whenFailure { _ in self.close() }
    client.closeFuture.assumeIsolated().whenComplete { _ in self.didClose() }
    do {
      try client.pipeline.syncOperations.addHandler(handler)
    } catch {
      return close()
    }
    attempt()
  }

  private func attempt() {
    guard !isFinished else { return }
    guard tried.count < Self.maxAttempts,
      let endpoint = cluster.connections.pick(scheduler, excluding: tried)
    else {
      closeReason = .transportError
      return close()
    }
    tried.insert(endpoint.address)
    let connecting = ClientBootstrap(group: worker.eventLoop)
      .connectTimeout(TimeAmount(worker.configuration.connectTime))
      .channelOption(.allowRemoteHalfClosure, value: true)
      .channelOption(.autoRead, value: false)
      .connect(to: endpoint.address)
    connecting.assumeIsolated().whenComplete { result in
      switch result {
      case .success(let channel): self.didConnect(channel, to: endpoint)
      case .failure:
        self.cluster.countTCP(at: endpoint) { $0.connectFailed() }
        self.attempt()
      }
    }
  }

  private func didConnect(_ server: any Channel, to endpoint: Endpoint) {
    guard !isFinished else { return server.close(promise: nil) }
    self.server = server
    self.endpoint = endpoint
    cluster.connections.connectionOpened(to: endpoint.address)
    cluster.countTCP(at: endpoint) { $0.tcp.connectionOpened() }
    server.closeFuture.assumeIsolated().whenComplete { _ in self.didClose() }
    let fromServer = ForwardingHandler(early: nil) { [self] in count(sent: $0) }
    do {
      try server.pipeline.syncOperations.addHandler(fromServer)
    } catch {
      return close()
    }
    fromServer.begin(from: server, to: client)
    fromClient?.begin(from: client, to: server)
  }

  private func count(received: Int = 0, sent: Int = 0) {
    guard let endpoint else { return }
    cluster.countTCP(at: endpoint) { $0.tcp.transferred(received: received, sent: sent) }
  }

  // MARK: The end

  /// One side is closed; the other follows when it has been given all that was read for it.
  private func didClose() {
    guard !client.isActive, server?.isActive != true else { return }
    finish()
  }

  private func close() {
    client.close(promise: nil)
    server?.close(promise: nil)
    finish()
  }

  private func finish() {
    guard !isFinished else { return }
    isFinished = true
    fromClient = nil
    if let endpoint {
      cluster.connections.connectionClosed(to: endpoint.address)
      cluster.countTCP(at: endpoint) { $0.tcp.connectionClosed() }
    }
    worker.listeners[listener.index].connectionClosed(closeReason)
    worker.remove(self)
  }

  /// There is no way to ask: it goes on until one side closes it or the time to drain is over.
  func drain() {
    closeReason = .drained
  }

  func closeNow() {
    closeReason = .drainTimeout
    close()
  }
}
