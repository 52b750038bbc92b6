import FairleadBalancing
import FairleadDiscovery
import ServiceLifecycle
import Synchronization

/// Keeps an endpoint registered in etcd: a key under the target's prefix, with a lease that is renewed
/// as long as this runs.
///
/// Whatever is lost comes again: the lease, the key, the connection, etcd itself. No failure ends it. A
/// graceful shutdown takes the key away at once and then ends the run; a cancelled task leaves it to
/// the end of its lease. Put it after the server it speaks for in a `ServiceGroup`: it then ends first.
public final class EtcdRegistration: Service {
  private let target: EtcdTarget
  private let record: EtcdRecord
  private let etcd: EtcdOptions
  private let options: EtcdRegistrationOptions
  private let onEvent: @Sendable (EtcdRegistrationEvent) -> Void
  private let lease = Mutex<Int64?>(nil)
  /// What was told last, so that it is told once.
  private let trouble = Mutex<ResolutionFailure?>(nil)

  /// - Parameters:
  ///   - endpoint: what to register; its address as clients reach it.
  ///   - target: an `etcd:` target; the key is its prefix, a slash and the address.
  ///   - etcd: how etcd is reached.
  ///   - onEvent: is told what happens, on any thread; must not block.
  /// - Throws: one sentence if the target or the address cannot be used.
  public init(
    _ endpoint: Endpoint, target: Target, etcd: EtcdOptions, options: EtcdRegistrationOptions,
    onEvent: @escaping @Sendable (EtcdRegistrationEvent) -> Void = { _ in }
  ) throws(ResolutionFailure) {
    self.target = try EtcdTarget(target, etcd)
    self.etcd = etcd
    self.options = options
    self.onEvent = onEvent
    record = try EtcdRecord(endpoint, under: self.target.prefix, layout: options.layout)
  }

  /// The key in etcd.
  public var key: String { record.key }

  /// Registers, and stays registered until a graceful shutdown or the task's cancellation. Never throws.
  public func run() async {
    await cancelWhenGracefulShutdown { await self.stayRegistered() }
    if !Task.isCancelled { await takeLeave() }
  }

  private var sessions: EtcdSessions {
    EtcdSessions(
      servers: target.servers, options: etcd, task: "write the key \(record.key)",
      random: options.random, now: options.now)
  }

  private func stayRegistered() async {
    let clock = options.clock
    let _: Never? = await sessions.run(
      { session in try await self.keep(session) },
      failed: { self.tell($0) },
      rest: { duration in
        // Cancelled: the loop ends.
        try? await clock.sleep(for: duration)
        return false
      })
  }

  /// Registers and renews, until the session or the lease is lost.
  private func keep(_ session: EtcdSession) async throws -> Never {
    while true {
      let (id, length) = try await grant(session)
      try await put(session, id)
      trouble.withLock { $0 = nil }
      onEvent(.registered(key: record.key, lease: length))
      do {
        try await renew(session, id, length)
      } catch EtcdProblem.leaseLost {
        lease.withLock { $0 = nil }
      }
    }
  }

  private func grant(_ session: EtcdSession) async throws -> (id: Int64, length: Duration) {
    let whole = options.lease.components
    var request = Etcdserverpb_LeaseGrantRequest()
    request.ttl = max(1, whole.seconds + (whole.attoseconds > 0 ? 1 : 0))
    let granted = try await session.grantLease(request)
    guard granted.error.isEmpty, granted.id != 0, granted.ttl > 0 else {
      throw EtcdProblem.unexpected("no lease: \(granted.error)")
    }
    // Known before the key is written: whatever becomes of that, a shutdown can take it back.
    lease.withLock { $0 = granted.id }
    return (granted.id, .seconds(granted.ttl))
  }

  private func put(_ session: EtcdSession, _ id: Int64) async throws {
    var request = Etcdserverpb_PutRequest()
    request.key = .init(record.key.utf8)
    request.value = .init(record.value.utf8)
    request.lease = id
    do {
      _ = try await session.put(request)
    } catch let error where EtcdFailure.isLeaseNotFound(error) {
      throw EtcdProblem.leaseLost
    }
  }

  /// Three times in each lease, not at the same moment as all others.
  private func renew(_ session: EtcdSession, _ id: Int64, _ length: Duration) async throws -> Never
  {
    let third = length / 3
    while true {
      try await options.clock.sleep(for: third * (0.8 + 0.2 * options.random.nextUnit()))
      try await session.keepLeaseAlive(id, within: min(third, etcd.requestTimeout))
      // Somebody may have deleted it.
      var request = Etcdserverpb_RangeRequest()
      request.key = .init(record.key.utf8)
      request.countOnly = true
      if try await session.range(request).count == 0 { try await put(session, id) }
    }
  }

  private func tell(_ failure: ResolutionFailure) {
    let isNew = trouble.withLock { trouble in
      defer { trouble = failure }
      return trouble != failure
    }
    if isNew { onEvent(.failed(failure)) }
  }
}

extension EtcdRegistration {
  /// Revokes the lease, with which the key goes, on any server that answers in time.
  private func takeLeave() async {
    guard let id = lease.withLock(\.self) else { return }
    trouble.withLock { $0 = nil }
    let clock = options.clock
    let isDone = await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        let done: Void? = await self.sessions.run(
          { session in try await session.revokeLease(id) },
          failed: { failure in self.trouble.withLock { $0 = failure } },
          rest: { duration in
            try? await clock.sleep(for: duration)
            return false
          })
        return done != nil
      }
      group.addTask {
        try? await clock.sleep(for: self.options.farewellTimeout)
        return false
      }
      defer { group.cancelAll() }
      return await group.next() ?? false
    }
    lease.withLock { $0 = nil }
    guard !isDone else { return onEvent(.deregistered(key: record.key)) }
    let silence = ResolutionFailure(
      .unreachable, "No etcd server answered within \(options.farewellTimeout).")
    onEvent(.leftToExpire(key: record.key, trouble.withLock(\.self) ?? silence))
  }
}
