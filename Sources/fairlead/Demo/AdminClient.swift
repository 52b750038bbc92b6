import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Reads the admin pages of a proxy.
struct AdminClient: Sendable {
  /// Where the pages are served.
  let address: HostPort

  /// Which configuration the proxy runs.
  struct Configuration: Sendable, Decodable {
    struct Snapshot: Sendable, Decodable {
      /// Counts up with each configuration that came into force.
      let generation: Int
      /// When its files were read, as RFC 3339 has it.
      let readAt: String?
    }

    let snapshot: Snapshot
    /// Why the last reading is not in force; empty when it is.
    let refused: [String]

    /// When the files were read.
    var readAt: Date? {
      snapshot.readAt.flatMap {
        try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse($0)
      }
    }
  }

  /// The configuration in force, from `/config_dump`.
  func configuration() async throws -> Configuration {
    let page = try await page("/config_dump")
    do {
      return try JSONDecoder().decode(Configuration.self, from: page)
    } catch {
      throw CommandFailure("http://\(address)/config_dump is not what was expected: \(error).")
    }
  }

  private typealias Channel = NIOAsyncChannel<NIOHTTPClientResponseFull, HTTPClientRequestPart>

  /// The longest page that is read, in bytes.
  private static let limit = 16 << 20

  private func page(_ path: String) async throws -> Data {
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connect(host: address.host, port: address.port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          try channel.pipeline.syncOperations.addHandler(
            NIOHTTPClientResponseAggregator(maxContentLength: Self.limit))
          return try Channel(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      let headers: HTTPHeaders = ["host": address.description, "connection": "close"]
      try await outbound.write(
        .head(HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: headers)))
      try await outbound.write(.end(nil))
      for try await response in inbound where response.head.status == .ok {
        return Data((response.body ?? ByteBuffer()).readableBytesView)
      }
      throw CommandFailure("http://\(address)\(path) does not answer 200; see the proxy's log.")
    }
  }
}
