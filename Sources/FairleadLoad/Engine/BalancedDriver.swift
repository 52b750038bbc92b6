import FairleadCalls
import FairleadDescriptors
import FairleadGRPC
import GRPCCore
import NIOPosix
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
  private let stopGrace: Duration

  /// - Parameters:
  ///   - request: Its path and metadata are not looked at.
  ///   - stopGrace: How long after a stop calls under way are waited for.
  ///   - transport: Makes one for each use: a transport runs once.
  package init(
    plan: LoadPlan, request: LoadRequest, method: FairleadDescriptors.MethodDescriptor,
    metadata: Metadata, clock: ContinuousClock, stopGrace: Duration = .seconds(1),
    transport: @escaping @Sendable () throws -> BalancedTransport
  ) {
    self.plan = plan
    self.request = request
    self.method = method
    self.metadata = metadata
    self.clock = clock
    self.stopGrace = stopGrace
    self.transport = transport
  }

  package func run() async throws -> LoadOutcome {
    let run = BalancedRun(plan, counter: counter, clock: clock)
    let transport = try transport()
    // Not our child, and waited for: when we are cancelled, calls under way are not, and get a moment to end.
    let calls = MultiThreadedEventLoopGroup.singleton.any().makeFutureWithTask {
      try await self.makeCalls(run, over: transport)
    }
    return try await withTaskCancellationHandler {
      try await calls.get()
    } onCancel: {
      run.stopEarly()
    }
  }

  private func makeCalls(
    _ run: BalancedRun, over transport: BalancedTransport
  ) async throws -> LoadOutcome {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await self.makeAllCalls(run, over: transport) }
      group.addTask { await run.end(afterStop: self.stopGrace) }
      try await group.next()
      run.note(transport.endpoints, transport.connectionTally)
      group.cancelAll()
    }
    return run.outcome()
  }

  private func makeAllCalls(_ run: BalancedRun, over transport: BalancedTransport) async throws {
    try await withGRPCClient(transport: transport, interceptors: [PeerInterceptor()]) { client in
      // If there is no connection, and will be none, that is said once.
      try await transport.becomeReady()
      run.start()
      await withTaskGroup { group in
        for slot in 0..<plan.concurrency {
          group.addTask { await self.makeCalls(slot: slot, client: client, run: run) }
        }
      }
      run.note(transport.endpoints, transport.connectionTally)
    }
  }

  private func makeCalls(slot: Int, client: GRPCClient<BalancedTransport>, run: BalancedRun) async {
    var isFirst = true
    while let (call, begins) = run.next(isFirst: isFirst) {
      isFirst = false
      if begins > clock.now { try? await clock.sleep(until: begins, tolerance: .zero) }
      guard !Task.isCancelled else { return }
      let body: [UInt8]
      do {
        body = try payload(of: call, slot: slot)
      } catch {
        return run.giveUp("The run ended early at call \(call.number): \(error)")
      }
      guard run.begin(call) else { return }
      let ending = await make(body, client: client)
      // What we have cut short says nothing of the server.
      guard !Task.isCancelled else { return }
      run.ended(call, ending)
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
      ending.backend = reply.backend ?? (request.backend.isPeer ? end.peer : nil)
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
}
