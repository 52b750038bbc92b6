import CoreMetrics
import FairleadBalancing
import GRPCCore
import Synchronization

/// Measures one transport by a program's own metrics system, under the names of gRPC (gRFC A66, A78,
/// A91, A94).
///
/// | name | kind | labels |
/// |---|---|---|
/// | `grpc.client.attempt.started` | counter | `grpc.method`, `grpc.target` |
/// | `grpc.client.attempt.duration` | recorder, seconds | `grpc.method`, `grpc.target`, `grpc.status` |
/// | `grpc.client.attempt.sent_total_compressed_message_size`, `…rcvd_…` | recorder, bytes | the same |
/// | `grpc.subchannel.connection_attempts_succeeded`, `…_failed` | counter | `grpc.target` |
/// | `grpc.subchannel.disconnections` | counter | `grpc.target` |
/// | `grpc.lb.pick_first.…`, the same three | counter | `grpc.target`; with `pick_first` only |
/// | `grpc.lb.wrr.rr_fallback`, `….endpoint_weight_not_yet_usable`, `…_stale` | counter | `grpc.target`; with a policy that looks at load reports |
/// | `grpc.lb.wrr.endpoint_weights` | recorder | the same |
/// | `grpc.lb.outlier_detection.ejections_enforced` | counter | `grpc.target`, `….detection_method`; with outlier detection |
/// | `grpc.lb.outlier_detection.ejections_unenforced` | counter | the same, `….unenforced_reason` |
///
/// An attempt is what is sent on one connection; a retry is another one. Sizes are left out on
/// transports that compress, as what is compressed is not seen here. Safe to use from any thread.
final class ClientMetrics: Sendable {
  private struct Attempt: Hashable {
    let method: MethodDescriptor
    let status: Status.Code
  }

  private struct Recorders {
    let duration: Recorder
    let sent: Recorder
    let received: Recorder
  }

  private struct State {
    var started: [MethodDescriptor: Counter] = [:]
    var ended: [Attempt: Recorders] = [:]
  }

  private let factory: any MetricsFactory
  private let target: String
  private let recordsSizes: Bool
  private let connections: ConnectionCounters
  private let weights: WeightCounters?
  private let outliers: OutlierCounters?
  private let state = Mutex(State())

  /// - Parameters:
  ///   - target: as the user wrote it.
  ///   - balancing: what is under names of its own, and made if it is used: `pick_first`, load reports,
  ///     outlier detection.
  init(
    factory: any MetricsFactory, target: String, recordsSizes: Bool,
    balancing: BalancingConfiguration
  ) {
    self.factory = factory
    self.target = target
    self.recordsSizes = recordsSizes
    connections = ConnectionCounters(
      factory: factory, target: target, isPickFirst: balancing.policy is PickFirstPolicy)
    let weighs = balancing.policy.reportedWeights(of: [], now: .zero) != nil
    weights = weighs ? WeightCounters(factory: factory, target: target) : nil
    outliers = balancing.outlierDetection.map { _ in
      OutlierCounters(factory: factory, target: target)
    }
  }

  func attemptStarted(_ method: MethodDescriptor) {
    if let known = state.withLock({ $0.started[method] }) { return known.increment() }
    // Outside of the lock: it is the program's own code.
    let made = Counter(
      label: "grpc.client.attempt.started",
      dimensions: [("grpc.method", method.fullyQualifiedMethod), ("grpc.target", target)],
      factory: factory)
    let counter = state.withLock { state in
      let counter = state.started[method] ?? made
      state.started[method] = counter
      return counter
    }
    counter.increment()
  }

  func attemptEnded(_ method: MethodDescriptor, _ outcome: CallOutcome) {
    let recorders = recorders(Attempt(method: method, status: outcome.status ?? .cancelled))
    recorders.duration.record(outcome.duration.inSeconds)
    guard recordsSizes else { return }
    recorders.sent.record(outcome.bytesSent)
    recorders.received.record(outcome.bytesReceived)
  }

  private func recorders(_ attempt: Attempt) -> Recorders {
    if let known = state.withLock({ $0.ended[attempt] }) { return known }
    let made = makeRecorders(attempt)
    return state.withLock { state in
      let recorders = state.ended[attempt] ?? made
      state.ended[attempt] = recorders
      return recorders
    }
  }

  private func makeRecorders(_ attempt: Attempt) -> Recorders {
    let dimensions = [
      ("grpc.method", attempt.method.fullyQualifiedMethod), ("grpc.target", target),
      ("grpc.status", attempt.status.canonicalName),
    ]
    func recorder(_ name: String) -> Recorder {
      Recorder(
        label: "grpc.client.attempt.\(name)", dimensions: dimensions, aggregate: true,
        factory: factory)
    }
    return Recorders(
      duration: recorder("duration"), sent: recorder("sent_total_compressed_message_size"),
      received: recorder("rcvd_total_compressed_message_size"))
  }

  func happened(_ event: ChannelEvent) {
    switch event {
    case .connected: connections.succeeded()
    case .connectFailed: connections.failed()
    case .disconnected: connections.disconnected()
    case .weighed(let reported): weights?.weighed(reported)
    case .outlier(_, let verdict): outliers?.judged(verdict)
    case .resolved, .resolutionFailed, .connecting, .unhealthy, .healthy, .drained, .full, .idle,
      .waits:
      break
    }
  }
}

extension Duration {
  fileprivate var inSeconds: Double { self / .seconds(1) }
}
