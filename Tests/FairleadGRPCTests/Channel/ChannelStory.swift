import FairleadBalancing
import FairleadDiscovery
import GRPCCore

@testable import FairleadGRPC

/// A channel machine with a clock that the test moves, and a judge of its actions: it keeps the books
/// of connections, timers and calls, and traps an action that does not fit them.
struct ChannelStory {
  typealias Machine = ChannelMachine<String, Int>

  /// What a waiting call was told.
  enum Told: Equatable {
    case lease(String)
    case failed(RPCError.Code, String)
  }

  private(set) var machine: Machine
  private(set) var now = Duration.zero
  /// Attempts and connections that the machine wants, by the port of their endpoint.
  private(set) var connecting: [ConnectionID: Endpoint] = [:]
  private(set) var open: [ConnectionID: Endpoint] = [:]
  private(set) var closed: [String] = []
  private(set) var abandoned = 0
  private(set) var timers: [ChannelTimer: Duration] = [:]
  private(set) var told: [Int: Told] = [:]
  private(set) var leases: [Int: Lease<String>] = [:]
  private(set) var resolveHints = 0
  private(set) var isFinished = false
  private(set) var events: [ChannelEvent] = []

  init(_ change: (inout ChannelSettings) -> Void = { _ in }) {
    var settings = ChannelSettings(
      balancing: BalancingConfiguration(policy: RoundRobinPolicy()),
      backoff: Backoff(initial: .seconds(1), jitter: 0, maximum: .seconds(120)),
      settleTime: .zero, connectTimeout: .seconds(20), maximumConnectionsPerEndpoint: 2,
      furtherIdleTime: .seconds(30),
      maximumWaitingCalls: 100, healthService: nil, salt: 1)
    change(&settings)
    machine = Machine(settings: settings, random: RandomSource(seed: 1))
  }

  // MARK: What happens

  mutating func start() {
    let (begins, actions) = machine.start(now: now)
    precondition(begins, "The channel was started before.")
    perform(actions)
  }

  mutating func resolve(_ ports: Int...) { resolve(ports: ports) }

  mutating func resolve(ports: [Int]) {
    let endpoints = ports.map {
      ResolvedEndpoint(Endpoint(address: .ip(host: "10.0.0.1", port: $0)))
    }
    perform(machine.resolved(Resolution(endpoints: endpoints, answeredAt: .now), now: now))
  }

  mutating func failToResolve(_ message: String) {
    let failure = ResolutionFailure(.unreachable, message)
    perform(
      machine.resolved(Resolution(endpoints: [], answeredAt: nil, failure: failure), now: now))
  }

  /// The newest attempt to a port succeeds, with this limit of streams.
  mutating func connect(_ port: Int, limit: Int = 100) {
    let id = attempt(to: port)
    open[id] = connecting.removeValue(forKey: id)
    perform(machine.attached(id, "\(port)/\(id.number)", now: now))
    perform(machine.received(id, limit: limit, now: now))
  }

  /// Only the socket is connected.
  mutating func attach(_ port: Int) -> ConnectionID {
    let id = attempt(to: port)
    open[id] = connecting.removeValue(forKey: id)
    perform(machine.attached(id, "\(port)/\(id.number)", now: now))
    return id
  }

  /// The newest attempt to a port succeeds, and the server's SETTINGS and GOAWAY come before the transport over it is ready.
  mutating func goAwayAtOnce(_ port: Int) {
    let id = attempt(to: port)
    connecting[id] = nil
    perform(machine.received(id, limit: 100, now: now))
    perform(machine.lost(id, reason: "GOAWAY", now: now))
  }

  mutating func settings(_ id: ConnectionID, limit: Int) {
    perform(machine.received(id, limit: limit, now: now))
  }

  /// A socket connects whose attempt the machine has given up.
  mutating func attachLate(_ id: ConnectionID, _ child: String) {
    perform(machine.attached(id, child, now: now))
  }

  mutating func refuse(_ port: Int, _ error: String = "connection refused") {
    let id = attempt(to: port)
    connecting[id] = nil
    perform(machine.failed(id, error: error, now: now))
  }

  /// The oldest connection to a port says GOAWAY or is closed.
  mutating func lose(_ port: Int) {
    let id = connection(to: port)
    open[id] = nil
    perform(machine.lost(id, reason: "GOAWAY", now: now))
  }

  mutating func health(_ port: Int, _ verdict: HealthVerdict) {
    perform(machine.healthChanged(connection(to: port), verdict, now: now))
  }

  /// A timer fires although it was cancelled, as the two met.
  mutating func fire(_ timer: ChannelTimer) { perform(machine.elapsed(timer, now: now)) }

  /// Of the `index`th oldest connection to a port.
  mutating func health(_ port: Int, _ index: Int, _ verdict: HealthVerdict) {
    perform(machine.healthChanged(ids(to: port)[index], verdict, now: now))
  }

  private func ids(to port: Int) -> [ConnectionID] {
    open.filter { $0.value.port == port }.keys.sorted { $0.number < $1.number }
  }

  mutating func elapse(_ timer: ChannelTimer) {
    guard let due = timers.removeValue(forKey: timer) else {
      preconditionFailure("The timer \(timer) does not run.")
    }
    now = max(now, due)
    perform(machine.elapsed(timer, now: now))
  }

  mutating func advance(by time: Duration) { now += time }

  mutating func call(_ id: Int, waitsForReady: Bool = false) {
    let request = CallRequest(waitsForReady: waitsForReady)
    switch machine.pick(request, now: now) {
    case .lease(let lease): note(id, .success(lease))
    case .fail(let error): note(id, .failure(error))
    case .wait, .park: perform(machine.enqueue(id, id, request: request, now: now))
    }
  }

  mutating func end(_ id: Int) {
    guard let lease = leases.removeValue(forKey: id) else {
      preconditionFailure("The call \(id) has no stream.")
    }
    lease.load.callEnded()
    perform(machine.release(lease, now: now))
  }

  /// One of the attempts, connections or timers, drawn at random, comes to something.
  mutating func happen(_ random: RandomSource) {
    let attempts = connecting.keys.sorted { $0.number < $1.number }
    if let id = attempts.drawn(by: random), let port = connecting[id]?.port {
      if random.next(below: 3) == 0 { refuse(port) } else { connect(port) }
    }
    let connections = open.filter { $0.value.port != 90 }.keys.sorted { $0.number < $1.number }
    if random.next(below: 2) == 0, let id = connections.drawn(by: random), let port = open[id]?.port
    {
      lose(port)
    }
    if let timer = retries.drawn(by: random) { elapse(timer) }
  }

  mutating func giveUp(_ id: Int) -> Bool { machine.cancel(id) != nil }

  mutating func shutDown() { perform(machine.beginGracefulShutdown()) }

  // MARK: What there is

  func attempts(to port: Int) -> Int { connecting.values.count { $0.port == port } }
  func connections(to port: Int) -> Int { open.values.count { $0.port == port } }
  var retries: [ChannelTimer] {
    timers.keys.filter { if case .retry = $0 { true } else { false } }
  }

  func attempt(to port: Int) -> ConnectionID {
    let ids = connecting.filter { $0.value.port == port }.keys
    guard let id = ids.max(by: { $0.number < $1.number }) else {
      preconditionFailure("No attempt to \(port) is under way.")
    }
    return id
  }

  private func connection(to port: Int) -> ConnectionID {
    guard let id = ids(to: port).first else {
      preconditionFailure("There is no connection to \(port).")
    }
    return id
  }

  // MARK: The judge

  private mutating func perform(_ actions: [Machine.Action]) {
    for action in actions {
      switch action {
      case .connect(let id, let endpoint):
        precondition(connecting[id] == nil && open[id] == nil, "\(id) was connected before.")
        connecting[id] = endpoint
      case .abandon(let id):
        if connecting.removeValue(forKey: id) != nil { abandoned += 1 }
      case .close(let id, let child):
        open[id] = nil
        closed.append(child)
      case .schedule(let timer, let delay): timers[timer] = now + delay
      case .cancel(let timer): timers[timer] = nil
      case .cancelAllTimers: timers = [:]
      case .resume(let id, let result): note(id, result)
      case .resolveNow: resolveHints += 1
      case .finish: isFinished = true
      case .log(let event): events.append(event)
      }
    }
  }

  private mutating func note(_ id: Int, _ result: Result<Lease<String>, RPCError>) {
    precondition(told[id] == nil, "The call \(id) was told twice.")
    switch result {
    case .success(let lease):
      precondition(open[lease.connection] != nil, "The call \(id) got a connection that is gone.")
      leases[id] = lease
      told[id] = .lease(lease.child)
    case .failure(let error):
      told[id] = .failed(error.code, error.message)
    }
  }
}

extension Endpoint {
  fileprivate var port: Int {
    if case .ip(_, let port) = address { port } else { 0 }
  }
}

extension ChannelStory.Told {
  var code: RPCError.Code? {
    if case .failed(let code, _) = self { code } else { nil }
  }
}

extension Array {
  fileprivate func drawn(by random: RandomSource) -> Element? {
    isEmpty ? nil : self[random.next(below: count)]
  }
}
