import ArgumentParser
import FairleadBalancing
import FairleadCalls
import FairleadDescriptors
import FairleadDiscovery
import FairleadGRPC
import FairleadLoad
import Foundation
import GRPCCore

/// One use of `fairlead load`: learns of the method, tries every place, makes one run after the other.
struct LoadSession: Sendable {
  let arguments: LoadArguments
  let client: ClientArguments
  let descriptors: DescriptorArguments
  let serviceConfig: ClientServiceConfig
  /// As the user wrote it.
  let policy: String
  let registry: ResolverRegistry
  let environment: [String: String]
  let clock: ContinuousClock
  let seed: UInt64

  private static let reflectionTimeout = Duration.seconds(10)

  /// What was seen, as far as it went before the task was cancelled.
  ///
  /// - Throws: ``CommandFailure``.
  func run(_ places: [LoadRunPlan]) async throws -> FairleadLoad.LoadReport {
    guard let first = places.first else { throw CommandFailure("There is nothing to load.") }
    for place in places where place.isFirstOfItsPlace {
      // A name that is resolved answers for itself: the question for the method goes there, or a call.
      guard case .address(let address) = place.kind else { continue }
      let driver = try self.driver(to: address, place.plan, Self.noRequest)
      try await FailureWords(server: place.target).translatingLoad { try await driver.check() }
    }
    let (method, request) = try await self.request(from: first)
    let drivers = try places.map { try self.driver(for: $0, method: method, request: request) }
    let startedAt = WallClock.text(WallClock.system.now)
    var runs: [LoadRun] = []
    for (index, (place, driver)) in zip(places, drivers).enumerated() where !Task.isCancelled {
      let progress = LoadProgressLine(
        plan: place, run: index + 1, runs: places.count, counter: driver.counter, clock: self.clock)
      var outcome: LoadOutcome
      do {
        outcome = try await FailureWords(server: place.target).translatingLoad {
          try await progress.shown { try await driver.run() }
        }
      } catch let error as CommandFailure where !runs.isEmpty {
        // What was measured before is not to be lost with it.
        outcome = LoadOutcome(failure: error.description)
      }
      outcome.notes = outcome.notes.map(FailureWords.flags)
      for note in outcome.notes { Console.error("\(place.name): \(note.printable)") }
      runs.append(self.run(place, outcome))
    }
    return FairleadLoad.LoadReport(
      method: "\(method.service)/\(method.name)", backendsBy: request.backend.description,
      runs: runs, backendCount: self.arguments.backends, startedAt: startedAt)
  }

  /// For connections that carry no call.
  private static let noRequest = LoadRequest(path: "/", payload: .variants([[]]))

  // MARK: What is called

  private func request(
    from place: LoadRunPlan
  ) async throws -> (FairleadDescriptors.MethodDescriptor, LoadRequest) {
    let data = try await LoadData.text(RequestData(self.arguments.data))
    return try await FailureWords(server: place.target).translatingLoad {
      let method = try await self.method(from: place)
      return try self.request(of: method, data: data)
    }
  }

  /// - Throws: ``UsageFailure`` for data and fields that are not the method's.
  private func request(
    of method: CallableMethod, data: String
  ) throws -> (FairleadDescriptors.MethodDescriptor, LoadRequest) {
    do {
      let maker = try RequestMaker(
        data: data, method: method.method, codec: method.codec,
        sources: TemplateSources(random: RandomSource(seed: self.seed)) {
          WallClock.text(WallClock.system.now)
        })
      let request = LoadRequest(
        path: method.method.path, metadata: self.client.metadata.fields,
        payload: try maker.payload(), expectsMessage: !method.method.isServerStreaming,
        backend: try self.backend(of: method))
      return (method.method, request)
    } catch let failure as LoadFailure {
      throw UsageFailure(failure.description.printable)
    }
  }

  private func method(from place: LoadRunPlan) async throws -> CallableMethod {
    if let files = self.descriptors.files(environment: self.environment) {
      return try await files.callable(self.arguments.method)
    }
    let transport = try self.transport(to: place.target)
    return try await withGRPCClient(transport: transport, interceptors: [PeerInterceptor()]) {
      client in
      let source = self.descriptors.source(
        environment: self.environment, client: client, server: place.target,
        metadata: self.client.metadata,
        time: ReflectionTime(limit: Self.reflectionTimeout) { [clock] in clock.now })
      return try await source.callable(self.arguments.method)
    }
  }

  private func backend(of method: CallableMethod) throws -> BackendSource {
    switch self.arguments.by {
    case .peer: .peer
    case .header(let name): .header(name)
    case .field(let path):
      .field(try ReplyField(path: path, of: method.method.response, in: method.codec.pool))
    }
  }

  // MARK: Who calls it

  private func driver(
    for place: LoadRunPlan, method: FairleadDescriptors.MethodDescriptor, request: LoadRequest
  ) throws -> any LoadDriver {
    switch place.kind {
    case .address(let address):
      return try self.driver(to: address, place.plan, request)
    case .target(let target):
      return BalancedDriver(
        plan: place.plan, request: request, method: method, metadata: self.client.metadata,
        clock: self.clock
      ) {
        try self.transport(to: target)
      }
    }
  }

  private func driver(
    to address: HostPort, _ plan: LoadPlan, _ request: LoadRequest
  ) throws -> ConnectionDriver {
    let settings: LoadConnectionSettings
    do throws(SecurityError) {
      settings = try LoadConnectionSettings(
        address: LoadAddress(host: address.host, port: address.port),
        authority: self.client.authority, security: try self.security(),
        connectTimeout: self.client.connectTimeout.duration)
    } catch {
      throw CommandFailure(FailureWords.flags(in: error.message))
    }
    return ConnectionDriver(
      plan: plan, request: request, settings: settings, threads: self.arguments.threads,
      seed: self.seed)
  }

  private func security() throws(SecurityError) -> ClientSecurity {
    do {
      return try self.client.security()
    } catch {
      throw SecurityError("\(error)")
    }
  }

  private func transport(to target: String) throws -> BalancedTransport {
    do {
      return try BalancedTransport(
        target: target, security: try self.client.security(), serviceConfig: self.serviceConfig,
        configuration: self.client.transportConfiguration(), resolvers: self.registry)
    } catch let error as SecurityError {
      throw CommandFailure(FailureWords.flags(in: error.message))
    } catch let error as ResolutionFailure {
      throw CommandFailure(error.message)
    }
  }

  private func run(_ place: LoadRunPlan, _ outcome: LoadOutcome) -> LoadRun {
    var run = LoadRun(
      name: place.name, target: place.target,
      mode: place.isAddress ? .connection : .balanced(policy: self.policy),
      connections: place.plan.connections, concurrency: place.plan.concurrency,
      ratePerSecond: place.plan.ratePerSecond,
      warmUpSeconds: Double(place.plan.warmUp) / 1e9, elapsedSeconds: outcome.elapsedSeconds,
      measurements: outcome.measurements)
    run.endpoints = outcome.endpoints
    run.notes = outcome.notes
    run.wasStopped = outcome.wasStopped
    run.failure = outcome.failure
    return run
  }
}
