import NIOCore
import NIOPosix

/// A port that nobody listens on now, so that connecting to it is refused.
func freePort(on host: String = "127.0.0.1") async throws -> Int {
  let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
    .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
    .bind(host: host, port: 0).get()
  let port = channel.localAddress?.port ?? 0
  try await channel.close().get()
  return port
}
