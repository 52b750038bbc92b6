import Dispatch
import Foundation
import GRPCCore
import Synchronization

/// Makes the calls of a plan and tells the tally what became of each.
final class Calls<Transport: ClientTransport>: Sendable {
  private let greeter: Helloworld_Greeter.Client<Transport>
  private let plan: CallPlan
  private let tally: Tally
  private let options: CallOptions
  private let isInterrupted = Atomic(false)

  init(_ greeter: Helloworld_Greeter.Client<Transport>, plan: CallPlan, tally: Tally) {
    self.greeter = greeter
    self.plan = plan
    self.tally = tally
    var options = CallOptions.defaults
    options.timeout = plan.timeout.duration
    self.options = options
  }

  /// - Parameter everySecond: called once a second if the plan has a duration.
  func run(everySecond: @Sendable () -> Void) async {
    // Ctrl-C begins no more calls; those that run end, and are counted.
    signal(SIGINT, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    source.setEventHandler { self.isInterrupted.store(true, ordering: .relaxed) }
    source.resume()
    defer { source.cancel() }

    guard let duration = plan.duration?.duration else {
      for _ in 0..<plan.count where !isInterrupted.load(ordering: .relaxed) { await one() }
      return
    }
    await withDiscardingTaskGroup { group in
      let clock = ContinuousClock()
      let start = clock.now
      var (begun, seconds) = (0, 0)
      var elapsed = Duration.zero
      while elapsed < duration, !isInterrupted.load(ordering: .relaxed) {
        for _ in begun..<max(begun, Int(elapsed / .seconds(1) * Double(plan.rate))) {
          begun += 1
          group.addTask { await self.one() }
        }
        try? await clock.sleep(for: .milliseconds(2))
        elapsed = clock.now - start
        if Int(elapsed / .seconds(1)) > seconds {
          seconds = Int(elapsed / .seconds(1))
          everySecond()
        }
      }
    }
  }

  private func one() async {
    do {
      let pod = plan.stream ? try await streaming() : try await unary()
      tally.completed(by: pod)
    } catch {
      tally.failed(error)
    }
  }

  private func unary() async throws -> String {
    let reply = try await greeter.sayHello(.with { $0.name = "world" }, options: options)
    tally.heard(from: reply.pod)
    return reply.pod
  }

  private func streaming() async throws -> String {
    try await greeter.sayHelloStreamReply(.with { $0.name = "world" }, options: options) {
      [tally] response in
      var pod: String?
      for try await reply in response.messages {
        pod = reply.pod
        tally.heard(from: reply.pod)
      }
      guard let pod else { throw RPCError(code: .dataLoss, message: "A stream without a reply.") }
      return pod
    }
  }
}

extension Helloworld_HelloReply {
  /// Who answered: the last word of `Hello world from pod-1`.
  fileprivate var pod: String { message.split(separator: " ").last.map(String.init) ?? "" }
}
