import NIOCore
import NIOPosix

/// A server that says the same bytes to whoever connects, whatever they say.
struct RawServer: Sendable {
  private let listener: any Channel

  var port: Int { listener.localAddress?.port ?? 0 }

  static func start(
    on group: any EventLoopGroup, _ greeting: @escaping @Sendable () -> [UInt8]
  ) async throws -> RawServer {
    RawServer(
      listener: try await ServerBootstrap(group: group)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(Greeter(greeting()))
          }
        }
        .bind(host: "127.0.0.1", port: 0).get())
  }

  func stop() async {
    try? await listener.close()
  }

  private final class Greeter: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let greeting: [UInt8]

    init(_ greeting: [UInt8]) {
      self.greeting = greeting
    }

    func channelActive(context: ChannelHandlerContext) {
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: greeting)), promise: nil)
    }
  }
}
