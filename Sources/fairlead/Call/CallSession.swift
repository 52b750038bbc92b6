import ArgumentParser
import FairleadBalancing
import FairleadCalls
import FairleadDescriptors
import FairleadDiscovery
import FairleadGRPC
import GRPCCore

/// One run of `fairlead call`: a client if a server is named, and what is done with it.
struct CallSession: Sendable {
  let settings: CallSettings
  let registry: ResolverRegistry
  let clock: ContinuousClock

  /// - Throws: ``CommandFailure``, or `ExitCode` when all is said already.
  func run(_ intent: CallIntent) async throws {
    let deadline = self.settings.maxTime.map { self.clock.now + $0 }
    if let files = self.settings.files, !intent.isCall {
      return try await FailureWords(server: "").translate {
        try await self.inTime(deadline, Self.readingFiles) {
          try await self.browse(intent.action, files)
        }
      }
    }
    guard let address = intent.address else { return }
    let transport = try self.transport(to: address)
    let words = FailureWords(server: address)
    try await words.translate {
      try await withGRPCClient(transport: transport, interceptors: [PeerInterceptor()]) { client in
        let source =
          self.settings.files
          ?? ReflectionSource(
            client: client, server: address.printable, metadata: self.settings.reflectionMetadata,
            time: ReflectionTime(
              limit: self.settings.maxTime ?? CallSettings.reflectionTimeout, deadline: deadline,
              now: { [clock] in clock.now }))
        switch intent.action {
        case .list, .describe:
          try await self.browse(intent.action, source)
        case .call(let name):
          let method = try await self.method(name, of: source, deadline: deadline)
          try await self.call(method, source, client, words, deadline: deadline)
        }
      }
    }
  }

  private func browse(
    _ action: CallIntent.Action, _ source: any DescriptorSource
  ) async throws {
    let catalogue = Catalogue(source: source, isJSON: self.settings.isJSON)
    let isWhole: Bool
    switch action {
    case .list(let service): isWhole = try await catalogue.list(service, self.settings.output)
    case .describe(let symbol):
      isWhole = try await catalogue.describe(
        symbol, withTemplate: self.settings.printsTemplate, self.settings.output)
    case .call: isWhole = true
    }
    if !isWhole { throw ExitCode.failure }
  }

  private func transport(to address: String) throws -> BalancedTransport {
    do {
      return try BalancedTransport(
        target: address, security: self.settings.security,
        // One call has one server, which also says what it serves.
        serviceConfig: ClientServiceConfig(
          balancing: BalancingConfiguration(policy: PickFirstPolicy())),
        configuration: self.settings.transport, resolvers: self.registry)
    } catch let error as SecurityError {
      throw CommandFailure(FailureWords.flags(in: error.message))
    } catch let error as ResolutionFailure {
      throw CommandFailure(error.message)
    }
  }

  private func call(
    _ method: CallableMethod, _ source: any DescriptorSource,
    _ client: GRPCClient<BalancedTransport>, _ words: FailureWords,
    deadline: ContinuousClock.Instant?
  ) async throws {
    let reporter = self.settings.reporter
    let requests = try await self.inTime(deadline, "The data of the request did not come") {
      try await RequestMessages(self.settings.data, for: method)
    }
    try reporter.begin(method, metadata: self.settings.metadata)
    let call = DynamicCall(
      client: client, method: method.method, metadata: self.settings.metadata,
      timeout: deadline.map { max(.milliseconds(1), self.clock.now.duration(to: $0)) },
      maximumMessageSize: self.settings.maximumMessageSize)
    let messages = ResponseMessages(
      MessageReader(
        method.method.response, codec: method.codec, source: source,
        options: self.settings.jsonOptions))
    let end = try await call.run(
      requests: { send in try await requests.forEach(send) },
      observe: { event in
        switch event {
        case .headers(let headers, let peer): try reporter.headers(headers, peer: peer)
        case .message(let bytes):
          try reporter.message(try await messages.json(of: bytes), size: bytes.count)
        }
      })
    if let failure = words.failure(of: end) { throw failure }
    let details = try? await ErrorDetails.read(trailers: end.trailers, source: source)
    try reporter.end(end, details: details ?? nil)
    if end.code != .ok { throw ExitCode.failure }
  }
}
