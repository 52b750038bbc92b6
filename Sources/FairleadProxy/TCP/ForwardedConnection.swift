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
  private var isClosed = false

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
    client.closeFuture.assumeIsolated().whenComplete { _ in self.close() }
    do {
      try client.pipeline.syncOperations.addHandler(handler)
    } catch {
      return close()
    }
    attempt()
  }

  private func attempt() {
    guard !isClosed else { return }
    guard tried.count < Self.maxAttempts,
      let endpoint = cluster.connections.pick(scheduler, excluding: tried)
    else {
      closeReason = .transportError
      return close()
    }
    tried.insert(endpoint.address)
    let bootstrap = ClientBootstrap(group: worker.eventLoop)
      .connectTimeout(TimeAmount(worker.configuration.connectTime))
      .channelOption(.socketOption(.tcp_nodelay), value: 1)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .channelOption(.autoRead, value: false)
    let connecting =
      switch endpoint.address {
      case .ip(let host, let port): bootstrap.connect(host: host, port: port)
      case .unix(let path): bootstrap.connect(unixDomainSocketPath: path)
      }
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
    guard !isClosed else { return server.close(promise: nil) }
    self.server = server
    self.endpoint = endpoint
    cluster.connections.connectionOpened(to: endpoint.address)
    cluster.countTCP(at: endpoint) { $0.tcp.connectionOpened() }
    server.closeFuture.assumeIsolated().whenComplete { _ in self.close() }
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

  private func close() {
    guard !isClosed else { return }
    isClosed = true
    fromClient = nil
    client.close(promise: nil)
    server?.close(promise: nil)
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

/// Writes what its channel reads to another channel, and reads on only when the other has taken it. What comes before
/// there is another channel waits for it.
private final class ForwardingHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let count: (Int) -> Void
  private var early: [ByteBuffer]
  private var hasEnded = false
  private var other: (any Channel)?

  init(early: ByteBuffer?, count: @escaping (Int) -> Void) {
    self.early = early.map { [$0] } ?? []
    self.count = count
  }

  /// The other channel is there.
  func begin(from channel: any Channel, to other: any Channel) {
    self.other = other
    for buffer in early {
      count(buffer.readableBytes)
      other.writeAndFlush(buffer, promise: nil)
    }
    early = []
    if hasEnded {
      other.close(mode: .output, promise: nil)
    }
    channel.read()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    guard let other else { return early.append(buffer) }
    count(buffer.readableBytes)
    let channel = context.channel
    other.writeAndFlush(buffer).assumeIsolated().whenComplete { result in
      switch result {
      case .success: channel.read()
      case .failure: channel.close(promise: nil)
      }
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? ChannelEvent, event == .inputClosed {
      hasEnded = true
      other?.close(mode: .output, promise: nil)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
