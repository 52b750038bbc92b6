import NIOCore
import NIOHTTP1

/// One connection to the stand-in.
final class StandInHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let api: StandInAPI
  private var head: HTTPRequestHead?

  init(_ api: StandInAPI) {
    self.api = api
  }

  func channelActive(context: ChannelHandlerContext) {
    let channel = context.channel
    api.state.withLock { $0.connections[ObjectIdentifier(channel)] = channel }
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    let id = ObjectIdentifier(context.channel)
    api.state.withLock { state in
      state.connections[id] = nil
      state.watches[id] = nil
    }
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let new): head = new
    case .body: break
    case .end:
      guard let head else { return }
      let channel = context.channel
      api.state.withLock { $0.take(head, on: channel) }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A client that went away, or one whose handshake failed: its own test sees why.
    context.close(promise: nil)
  }
}
