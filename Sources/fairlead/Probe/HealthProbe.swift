import FairleadDescriptors
import FairleadGRPC
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import NIOPosix

/// Asks a server for its health, once.
struct HealthProbe: Sendable {
  /// The server cannot be reached; how that is told.
  struct Unreached: Error {
    let outcome: ProbeOutcome
  }

  let options: ProbeOptions
  private let connection: DirectConnection
  private let clock = ContinuousClock()
  private let note: @Sendable (String) -> Void

  /// The first pause before it is tried to connect again; the next ones are twice as long, up to a second.
  private static let firstPause = Duration.milliseconds(50)
  private static let longestPause = Duration.seconds(1)
  /// After how long without a word from its kernel a server that is watched counts as gone.
  private static let silence = Duration.seconds(10)

  /// - Parameters:
  ///   - options: Whom to ask and how.
  ///   - seed: Of what has to be random.
  ///   - note: Told what is done, if that was asked for.
  /// - Throws: `SecurityError` for files of certificates that cannot be used.
  init(
    _ options: ProbeOptions, seed: UInt64, note: @escaping @Sendable (String) -> Void
  ) throws(SecurityError) {
    self.options = options
    self.note = { text in
      if options.isVerbose { note(text) }
    }
    var compression = HTTP2ClientTransport.Config.Compression.defaults
    if options.compresses {
      compression.algorithm = .gzip
      compression.enabledAlgorithms = .gzip
    }
    self.connection = try DirectConnection(
      security: options.security,
      authority: options.tls?.serverName ?? options.address.authority,
      compression: compression, silence: options.watch == nil ? nil : Self.silence, seed: seed,
      // One connection needs no more, and each thread takes time to start.
      group: MultiThreadedEventLoopGroup(numberOfThreads: 1))
  }

  /// Connects, asks, and says what came of it.
  ///
  /// - Parameter tell: Told at once, before the connection is closed.
  /// - Throws: `CancellationError`.
  func check(_ tell: @escaping @Sendable (ProbeOutcome) -> Void) async throws -> ProbeOutcome {
    self.options.lines.forEach(self.note)
    self.note("establishing connection")
    let start = self.clock.now
    do {
      return try await self.reach { link in
        let outcome = try await self.ask(link, since: start)
        tell(outcome)
        return outcome
      }
    } catch let failure as Unreached {
      tell(failure.outcome)
      return failure.outcome
    }
  }

  private func ask(
    _ link: DirectLink, since start: ContinuousClock.Instant
  ) async throws -> ProbeOutcome {
    let connected = self.clock.now
    let connecting = GoDuration(start.duration(to: connected))
    self.note("connection established (took \(connecting))")
    var options = self.callOptions
    options.timeout = self.options.rpcTimeout.duration
    do {
      let response = try await HealthMessages.Client(wrapping: link.client).check(
        self.request, metadata: self.metadata, options: options)
      let outcome = ProbeOutcome(response.status)
      if outcome == .serving {
        let calling = GoDuration(connected.duration(to: self.clock.now))
        self.note("time elapsed: connect=\(connecting) rpc=\(calling)")
      }
      return outcome
    } catch let error as RPCError {
      return ProbeOutcome(await link.explained(error))
    }
  }

  /// What every call asks for.
  var request: HealthMessages.Request { .with { $0.service = self.options.service } }

  var metadata: Metadata {
    var metadata = Metadata()
    metadata.addString(self.options.userAgent, forKey: "user-agent")
    for header in self.options.headers {
      if header.name.hasSuffix("-bin") {
        metadata.addBinary(Array(header.value.utf8), forKey: header.name)
      } else {
        metadata.addString(header.value, forKey: header.name)
      }
    }
    return metadata
  }

  var callOptions: CallOptions {
    var options = CallOptions.defaults
    options.compression = self.options.compresses ? .gzip : nil
    return options
  }

  /// Connects, again and again until the time for that is over, and runs `body`.
  ///
  /// - Throws: ``Unreached``, `CancellationError`, and what `body` throws.
  func reach(
    _ body: @Sendable (DirectLink) async throws -> ProbeOutcome
  ) async throws -> ProbeOutcome {
    let deadline = self.clock.now + self.options.connectTimeout.duration
    var pause = Self.firstPause
    var reason: String?
    while true {
      var failures: [DirectConnectionFailure] = []
      for candidate in self.options.address.candidates where self.clock.now < deadline {
        do {
          let left = self.clock.now.duration(to: deadline)
          return try await self.connection.with(candidate, within: left, body: body)
        } catch let failure as DirectConnectionFailure {
          failures.append(failure)
        }
      }
      if let lasting = failures.first(where: \.isLasting) {
        throw Unreached(outcome: .connectionFailed(reason: lasting.inFlags))
      }
      let left = self.clock.now.duration(to: deadline)
      // That the last attempt had no time says less than why the one before failed.
      if left > .zero || reason == nil { reason = failures.first?.inFlags ?? reason }
      guard left > .zero else {
        throw Unreached(outcome: .connectionTimedOut(reason: reason ?? "no time to connect"))
      }
      try await self.clock.sleep(for: min(pause, left))
      pause = min(pause * 2, Self.longestPause)
    }
  }
}

extension DirectConnectionFailure {
  fileprivate var inFlags: String { ProbeOptions.inFlags(self.reason).printable }
}

extension ProbeOutcome {
  /// How a call failed.
  init(_ error: RPCError) {
    self = .callFailed(error.code, message: error.message.printable)
  }

  /// What a server answered.
  init(_ status: HealthMessages.Response.ServingStatus) {
    switch status {
    case .serving: self = .serving
    case .notServing: self = .unhealthy(status: "NOT_SERVING")
    case .unknown: self = .unhealthy(status: "UNKNOWN")
    case .serviceUnknown: self = .unhealthy(status: "SERVICE_UNKNOWN")
    case .UNRECOGNIZED(let number): self = .unhealthy(status: "\(number)")
    }
  }
}
