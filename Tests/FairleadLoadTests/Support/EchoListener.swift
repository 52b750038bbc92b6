import NIOCore
import NIOPosix
import Synchronization

/// A server that is none of HTTP/2: it sends back a line of text, or nothing.
final class EchoListener: Sendable {
  private let channel: any Channel
  private let connections: Count
  var port: Int { channel.localAddress?.port ?? 0 }

  /// How many connections were ever accepted.
  var accepted: Int { connections.value.load(ordering: .relaxed) }

  private init(channel: any Channel, connections: Count) {
    self.channel = channel
    self.connections = connections
  }

  static func start(isSilent: Bool = false) async throws -> EchoListener {
    let connections = Count()
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          connections.value.add(1, ordering: .relaxed)
          if !isSilent {
            try channel.pipeline.syncOperations.addHandler(Answer())
          }
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return EchoListener(channel: channel, connections: connections)
  }

  func stop() async throws {
    try await channel.close()
  }

  private final class Count: Sendable {
    let value = Atomic(0)
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
