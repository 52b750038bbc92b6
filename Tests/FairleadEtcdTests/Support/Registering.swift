import FairleadBalancing
import FairleadDiscovery
import FairleadEtcd
import Logging
import ServiceLifecycle
import Synchronization

/// What a registration told, in order.
final class EventLog: Sendable {
  private let events = Mutex<[EtcdRegistrationEvent]>([])

  var all: [EtcdRegistrationEvent] { events.withLock(\.self) }

  /// How often it was registered.
  var registered: Int {
    all.count { event in
      guard case .registered = event else { return false }
      return true
    }
  }

  var failures: [ResolutionFailure] {
    all.compactMap { event in
      guard case .failed(let failure) = event else { return nil }
      return failure
    }
  }

  func note(_ event: EtcdRegistrationEvent) {
    events.withLock { $0.append(event) }
  }
}

/// A registration of `10.0.0.1:80` under `greeter/`. It takes its time to go: a busy machine's etcd does.
func registration(
  _ etcd: RealEtcd, options: EtcdOptions = quickEtcd(), lease: Duration = .seconds(10),
  farewell: Duration = .seconds(30), _ events: EventLog
) throws -> EtcdRegistration {
  var own = EtcdRegistrationOptions(seed: 1)
  own.lease = lease
  own.farewellTimeout = farewell
  return try EtcdRegistration(
    Endpoint(address: .ip(host: "10.0.0.1", port: 80), name: "pod-a"),
    target: ResolverRegistry().target("etcd://\(etcd.address)/greeter"), etcd: options,
    options: own, onEvent: events.note)
}

/// Runs a registration during `body`, then stops it gracefully and waits for its end.
func running(
  _ registration: EtcdRegistration, _ body: () async throws -> Void
) async throws {
  let group = ServiceGroup(
    configuration: .init(
      services: [
        .init(service: registration, successTerminationBehavior: .gracefullyShutdownGroup)
      ],
      logger: .init(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })))
  try await withThrowingTaskGroup(of: Void.self) { tasks in
    tasks.addTask { try await group.run() }
    do {
      try await body()
    } catch {
      tasks.cancelAll()
      throw error
    }
    await group.triggerGracefulShutdown()
    try await tasks.waitForAll()
  }
}
