import FairleadRouting
import FairleadTelemetry
import NIOCore

/// Looks at a new connection's first bytes and gives it to who can serve it: HTTP/2 is balanced by RPC, anything else by
/// connection. A port whose Service asks for connections is not looked at.
final class ProtocolDetector: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer

  /// The client connection preface (RFC 9113 §3.4).
  private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
  /// As far as a `host` header is looked for, in bytes and in reads: each read looks at all of them again.
  private static let maxHTTP1Head = 16 * 1024
  private static let maxHTTP1Reads = 32

  private let listener: Listener
  private let worker: Worker
  private var seen: ByteBuffer?
  private var timer: Scheduled<Void>?
  private var isDecided = false
  private var reads = 0

  init(listener: Listener, worker: Worker) {
    self.listener = listener
    self.worker = worker
  }

  func handlerAdded(context: ChannelHandlerContext) {
    worker.undecidedConnections += 1
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    worker.undecidedConnections -= 1
  }

  func channelActive(context: ChannelHandlerContext) {
    begin(context)
    context.fireChannelActive()
  }

  private func begin(_ context: ChannelHandlerContext) {
    if case .connection(let scheduler)? = boundRoutes?.host.balancing {
      return forward(context, boundRoutes, scheduler)
    }
    let channel = context.channel
    timer = worker.eventLoop.assumeIsolated().scheduleTask(
      in: TimeAmount(worker.configuration.handshakeTime)
    ) { self.refuse(channel, .timeout) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var buffer = unwrapInboundIn(data)
    if isDecided {
      return context.fireChannelRead(data)
    }
    if seen == nil {
      seen = buffer
    } else {
      seen?.writeBuffer(&buffer)
    }
    decide(context)
  }

  private func decide(_ context: ChannelHandlerContext) {
    guard let seen else { return }
    reads += 1
    let bytes = seen.readableBytesView
    if bytes.starts(with: Self.preface) {
      return serveHTTP2(context, seen)
    }
    if Self.preface.starts(with: bytes) { return }
    if listener.authority != nil {
      guard let routes = boundRoutes else { return refuse(context.channel, .noRoute) }
      return forward(context, routes, routes.host.fallbackScheduler)
    }
    switch HTTP1Head.host(in: bytes) {
    case .found(let host):
      guard let routes = worker.routes.routes(authority: host, worker: worker) else {
        return refuse(context.channel, .noRoute)
      }
      forward(context, routes, routes.host.fallbackScheduler)
    case .incomplete where bytes.count < Self.maxHTTP1Head && reads < Self.maxHTTP1Reads: break
    case .incomplete, .none: refuse(context.channel, .protocolError)
    }
  }

  /// The service that the listener stands for.
  private var boundRoutes: HostRoutes? {
    listener.authority.flatMap { worker.routes.routes(authority: $0, worker: worker) }
  }

  // MARK: Decisions

  private func serveHTTP2(_ context: ChannelHandlerContext, _ seen: ByteBuffer) {
    decided()
    let connection = DownstreamConnection(listener: listener, worker: worker)
    let handler = connection.makeHandler()
    do {
      try context.pipeline.syncOperations.addHandler(handler, position: .after(self))
    } catch {
      handler.close()
      return context.close(promise: nil)
    }
    context.fireChannelRead(wrapInboundOut(seen))
    context.pipeline.syncOperations.removeHandler(self, promise: nil)
  }

  private func forward(
    _ context: ChannelHandlerContext, _ routes: HostRoutes?, _ scheduler: ConnectionScheduler
  ) {
    decided()
    guard let entry = routes?.match(), let cluster = entry.clusters[entry.split.next()] else {
      return refuse(context.channel, .noRoute)
    }
    worker.listeners[listener.index].connectionOpened()
    ForwardedConnection(
      client: context.channel, listener: listener, cluster: cluster, scheduler: scheduler,
      worker: worker
    ).begin(early: seen)
    seen = nil
    context.pipeline.syncOperations.removeHandler(self, promise: nil)
  }

  private func refuse(_ channel: any Channel, _ reason: CloseReason) {
    decided()
    worker.listeners[listener.index].connectionOpened()
    worker.listeners[listener.index].connectionClosed(reason)
    if reason == .protocolError {
      worker.listeners[listener.index].protocolErrorSeen()
    }
    channel.close(promise: nil)
  }

  private func decided() {
    isDecided = true
    timer?.cancel()
  }

  func channelInactive(context: ChannelHandlerContext) {
    decided()
    context.fireChannelInactive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if !isDecided, let event = event as? ChannelEvent, event == .inputClosed {
      context.close(promise: nil)
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}

extension ProtocolDetector {
  typealias InboundOut = ByteBuffer
}

extension VirtualHost {
  /// How connections to this port are spread when they are not HTTP/2.
  fileprivate var fallbackScheduler: ConnectionScheduler {
    switch balancing {
    case .rpc(let fallback): fallback
    case .connection(let scheduler): scheduler
    }
  }
}
