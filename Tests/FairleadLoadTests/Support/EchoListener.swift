import NIOCore
import NIOPosix

/// A server that is none of HTTP/2: it sends back a line of text, or nothing.
struct EchoListener {
  private let channel: any Channel
  var port: Int { channel.localAddress?.port ?? 0 }

  static func start(isSilent: Bool = false) async throws -> EchoListener {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if !isSilent {
            try channel.pipeline.syncOperations.addHandler(Answer())
          }
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return EchoListener(channel: channel)
  }

  func stop() async throws {
    try await channel.close()
  }

  private final class Answer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let answer = ByteBuffer(string: "HTTP/1.1 400 Bad Request\r\n\r\n")
      context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
    }
  }
}
