import Foundation
import GRPCCore
import Synchronization

/// What became of all calls so far.
final class Tally: Sendable {
  private struct State {
    var pods: [String: Report.Pod] = [:]
    var failures: [Report.Failure] = []
    var failed = 0
  }

  private let state = Mutex(State())
  private let began = Date().timeIntervalSince1970
  private let endpoints: @Sendable () -> [Report.Endpoint]
  /// Failures beyond these are counted and not listed.
  private let listed = 10_000

  /// - Parameter endpoints: what the transport says of its servers.
  init(endpoints: @escaping @Sendable () -> [Report.Endpoint]) {
    self.endpoints = endpoints
  }

  /// A message came.
  func heard(from pod: String) {
    let now = Date().timeIntervalSince1970
    change(pod) {
      $0.first = $0.first ?? now
      $0.last = now
    }
  }

  /// A call ended well.
  func completed(by pod: String) {
    change(pod) { $0.calls += 1 }
  }

  func failed(_ error: any Error) {
    let rpc = error as? RPCError
    let pod = rpc?.metadata[stringValues: "x-pod"].first { _ in true }
    if let pod { change(pod) { $0.failed += 1 } }
    let failure = Report.Failure(
      at: Date().timeIntervalSince1970, status: rpc.map { "\($0.code)" } ?? "\(type(of: error))",
      message: rpc?.message ?? "\(error)", pod: pod)
    state.withLock {
      $0.failed += 1
      if $0.failures.count < listed { $0.failures.append(failure) }
    }
  }

  func report() -> Report {
    let endpoints = endpoints()
    return state.withLock {
      Report(
        began: began, at: Date().timeIntervalSince1970,
        calls: $0.pods.values.reduce(0) { $0 + $1.calls }, failed: $0.failed,
        pods: $0.pods.values.sorted { $0.pod < $1.pod }, failures: $0.failures,
        endpoints: endpoints)
    }
  }

  private func change(_ pod: String, _ change: (inout Report.Pod) -> Void) {
    state.withLock { change(&$0.pods[pod, default: Report.Pod(pod: pod)]) }
  }
}
