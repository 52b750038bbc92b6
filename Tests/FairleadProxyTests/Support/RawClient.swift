import NIOCore
import NIOPosix

/// A client that says bytes, and reads until the other side ends.
struct RawClient: Sendable {
  private let channel: any Channel
  private let collector: Collector

  static func connect(to port: Int, on group: any EventLoopGroup) async throws -> RawClient {
    let collector = Collector(group.next().makePromise())
    let channel = try await ClientBootstrap(group: group)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(collector)
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    return RawClient(channel: channel, collector: collector)
  }

  func write(_ text: String) async throws {
    try await channel.writeAndFlush(ByteBuffer(string: text))
  }

  /// What the other side said until it closed the connection.
  func read() async -> String {
    (try? await collector.all.futureResult.get()) ?? ""
  }

  func close() async {
    try? await channel.close()
  }

  private final class Collector: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer

    let all: EventLoopPromise<String>
    private var seen = ByteBuffer()

    init(_ all: EventLoopPromise<String>) {
      self.all = all
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      var buffer = unwrapInboundIn(data)
      seen.writeBuffer(&buffer)
    }

    func channelInactive(context: ChannelHandlerContext) {
      all.succeed(String(buffer: seen))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      context.close(promise: nil)
    }
  }
}
