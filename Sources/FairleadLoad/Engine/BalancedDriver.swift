import FairleadCalls
import FairleadDescriptors
import FairleadGRPC
import GRPCCore
import Synchronization

/// Makes the calls of a plan as a Swift client with balancing makes them: each goes to the endpoint that the policy
/// chooses. One task for each call under way at once.
package final class BalancedDriver: LoadDriver {
  package let counter = LoadCounter()
  private let plan: LoadPlan
  private let request: LoadRequest
  private let method: FairleadDescriptors.MethodDescriptor
  private let metadata: Metadata
  private let transport: @Sendable () throws -> BalancedTransport
  private let clock: ContinuousClock

  /// - Parameters:
  ///   - request: Its path and metadata are not looked at.
  ///   - transport: Makes one for each use: a transport runs once.
  package init(
    plan: LoadPlan, request: LoadRequest, method: FairleadDescriptors.MethodDescriptor,
    metadata: Metadata, clock: ContinuousClock,
    transport: @escaping @Sendable () throws -> BalancedTransport
  ) {
    self.plan = plan
    self.request = request
    self.method = method
    self.metadata = metadata
    self.clock = clock
    self.transport = transport
  }

  package func check() async throws {
    let transport = try transport()
    try await withGRPCClient(transport: transport) { _ in try await open(transport) }
  }

  package func run() async throws -> LoadOutcome {
    let transport = try transport()
    return try await withGRPCClient(transport: transport, interceptors: [PeerInterceptor()]) {
      client in
      try await open(transport)
      let share = LoadShare(plan: plan, worker: 0, workers: 1)
      let run = BalancedRun(Schedule(share, start: 0), counter: counter, clock: clock)
      await withTaskGroup { group in
        for slot in 0..<plan.concurrency {
          group.addTask { await self.makeCalls(slot: slot, client: client, run: run) }
        }
      }
      return run.outcome(
        wasStopped: Task.isCancelled,
        endpoints: transport.endpoints.map(\.endpoint.address.description))
    }
  }

  /// Waits for a connection, and says why if there will be none.
  private func open(_ transport: BalancedTransport) async throws {
    let descriptor = GRPCCore.MethodDescriptor(
      fullyQualifiedService: method.service, method: method.name)
    try await transport.withStream(descriptor: descriptor, options: .defaults) { _, _ in }
  }

  private func makeCalls(slot: Int, client: GRPCClient<BalancedTransport>, run: BalancedRun) async {
    while let call = run.next(), !Task.isCancelled {
      if call.intendedStart > run.now {
        try? await clock.sleep(until: run.instant(call.intendedStart), tolerance: .zero)
      }
      guard !Task.isCancelled else { return }
      let body: [UInt8]
      do {
        body = try payload(of: call, slot: slot)
      } catch {
        return run.giveUp("The run ended early at call \(call.number): \(error)")
      }
      let ending = await make(body, client: client)
      // What we have cut short says nothing of the server.
      guard !Task.isCancelled else { return }
      run.record(call, ending)
    }
  }

  private func make(
    _ body: [UInt8], client: GRPCClient<BalancedTransport>
  ) async -> BalancedEnding {
    let reply = ReplyNote(request.backend)
    var ending = BalancedEnding()
    do {
      let messages = LoadRequest.messages(of: body)
      let dynamic = DynamicCall(
        client: client, method: method, metadata: metadata,
        timeout: plan.timeout.map { .nanoseconds(Int64(clamping: $0)) },
        maximumMessageSize: Self.maximumMessageSize)
      let end = try await dynamic.run(
        requests: { send in for message in messages { try await send(message) } },
        observe: { event in reply.note(event) })
      reply.note(trailers: end.trailers)
      ending.status = StatusCode(wire: end.code.rawValue)
      ending.message = end.message
      ending.isAnswer = end.peer != nil || end.code == .deadlineExceeded
      ending.backend = reply.backend ?? (request.backend.isPeer ? end.peer.map(Self.address) : nil)
      (ending.bytesSent, ending.bytesReceived) = (body.count, reply.bytes)
    } catch {
      ending.status = .internalError
      ending.message = "\(error)"
    }
    return ending
  }

  private static let maximumMessageSize = 64 << 20

  private func payload(of call: ScheduledCall, slot: Int) throws -> [UInt8] {
    switch request.payload {
    case .variants(let variants): variants[call.number % variants.count]
    case .made(let make): try make(LoadTurn(number: call.number, slot: slot))
    }
  }

  /// `ipv4:127.0.0.1:80` as reports have it.
  private static func address(_ peer: String) -> String {
    for scheme in ["ipv4:", "ipv6:", "unix:"] where peer.hasPrefix(scheme) {
      return String(peer.dropFirst(scheme.count))
    }
    return peer
  }
}
