import FairleadBalancing
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import NIOCore

/// Connects to one address once, for who wants to know how that goes. Nothing is resolved, balanced or
/// tried again. Safe to use from any thread.
package struct DirectConnection: Sendable {
  private let security: SecuritySource
  private let authority: String?
  private let compression: HTTP2ClientTransport.Config.Compression
  private let silence: Duration?
  private let mark: UnprocessedMark
  private let group: any EventLoopGroup

  /// How long a graceful end may take.
  private static let closingTime = Duration.milliseconds(100)

  /// - Parameters:
  ///   - security: plaintext, TLS or mutual TLS.
  ///   - authority: what calls name as `:authority`; `nil` for the address.
  ///   - compression: of calls that ask for it.
  ///   - silence: after how long without an acknowledgement the server counts as gone; `nil` leaves it to
  ///     the system, which may never find out.
  ///   - seed: of what has to be random.
  ///   - group: what connections run on.
  /// - Throws: ``SecurityError`` for files of certificates that cannot be used.
  package init(
    security: ClientSecurity, authority: String?,
    compression: HTTP2ClientTransport.Config.Compression = .defaults, silence: Duration? = nil,
    seed: UInt64, group: any EventLoopGroup
  ) throws(SecurityError) {
    self.security = try SecuritySource(security)
    self.authority = authority
    self.compression = compression
    self.silence = silence
    mark = UnprocessedMark(random: RandomSource(seed: seed))
    self.group = group
  }

  /// Connects, and runs `body` when the server has spoken HTTP/2. Then the connection is closed: gracefully,
  /// for a tenth of a second; at once if there was no such word, `body` throws or the task is cancelled.
  ///
  /// - Parameters:
  ///   - address: its host may be a name.
  ///   - limit: how long the server may take, from the lookup of its name to its SETTINGS.
  ///   - clock: what measures that.
  /// - Throws: ``DirectConnectionFailure``, or what `body` throws.
  package func with<Output: Sendable>(
    _ address: EndpointAddress, within limit: Duration,
    clock: some Clock<Duration> = ContinuousClock(),
    body: @Sendable (DirectLink) async throws -> Output
  ) async throws -> Output {
    let deadline = clock.now.advanced(by: limit)
    let attempt = ConnectionAttempt()
    let loss = ConnectionLoss()
    // The first word is waited for. Servers may change their SETTINGS for as long as they like.
    let (news, told) = AsyncStream.makeStream(
      of: ConnectionNews.self, bufferingPolicy: .bufferingOldest(1))
    return try await withTaskCancellationHandler {
      let child: WrappedChannel
      do {
        child = try await connector(limit).connect(
          to: FairleadBalancing.Endpoint(address: address), attempt: attempt
        ) {
          loss.note($0)
          told.yield($0)
        }
      } catch {
        try Task.checkCancellation()
        throw DirectConnectionFailure(error)
      }
      let output: Result<Output, any Error>
      do {
        let client = DirectLink.Client(transport: child.transport)
        let link = DirectLink(client: client, mark: mark, loss: loss, attempt: attempt)
        output = .success(
          try await use(link, clock: clock, body: body) {
            try await Self.isReady(news, by: deadline, clock: clock)
          })
      } catch {
        output = .failure(error)
      }
      // The transport is held until then: NIO ends the process over a writer that vanishes from under
      // an open channel.
      await attempt.close()
      withExtendedLifetime(child) {}
      return try output.get()
    } onCancel: {
      attempt.abandon()
    }
  }

  private func connector(_ limit: Duration) -> Connector {
    let http2 = HTTP2ClientTransport.Config.HTTP2.defaults
    return Connector(
      security: security, authority: authority,
      settings: ConnectionSettings(
        connectTimeout: limit, maximumFrameSize: http2.maxFrameSize,
        windowSize: http2.targetWindowSize, keepalive: nil, compression: compression),
      mark: mark, group: group, lingering: TimeAmount(Self.closingTime), silence: silence)
  }

  private func use<Output: Sendable>(
    _ link: DirectLink, clock: some Clock<Duration>,
    body: @Sendable (DirectLink) async throws -> Output,
    isReady: () async throws -> Void
  ) async throws -> Output {
    try await withThrowingTaskGroup(of: Void.self) { group in
      // How it ends, the news tell.
      group.addTask { try? await link.client.runConnections() }
      defer { group.cancelAll() }
      let output: Output
      do {
        try await isReady()
        output = try await body(link)
      } catch {
        link.attempt.cut()
        throw error
      }
      link.client.beginGracefulShutdown()
      group.addTask { try await clock.sleep(for: Self.closingTime) }
      // Whichever is first: a TLS server that does not say goodbye keeps nobody waiting.
      try await group.next()
      return output
    }
  }

  /// Returns with the server's SETTINGS.
  private static func isReady<C: Clock>(
    _ news: AsyncStream<ConnectionNews>, by deadline: C.Instant, clock: C
  ) async throws where C.Duration == Duration {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await clock.sleep(until: deadline, tolerance: nil)
        throw DirectConnectionFailure(ChannelError.connectTimeout(.zero))
      }
      group.addTask {
        for await item in news {
          switch item {
          case .settings: return
          case .lost(let reason, let isLasting):
            throw DirectConnectionFailure(reason: reason, isLasting: isLasting)
          }
        }
        throw CancellationError()
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }
}
