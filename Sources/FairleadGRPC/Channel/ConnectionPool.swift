import DequeModule
import FairleadBalancing

/// The connections of one subchannel, with the ledger of their streams.
///
/// NIOHTTP2 queues, unseen, what exceeds the peer's limit of concurrent streams; so the limit is kept
/// here, and one more connection is opened when it is reached.
struct ConnectionPool<Child: Sendable>: Sendable {
  enum Phase: Sendable, Hashable {
    /// Not yet a connection, or one whose server has not sent its SETTINGS.
    case connecting
    /// Connected; its server was not heard on its health (gRFC A17).
    case checking
    /// Takes calls.
    case usable
    /// Its server says that it does not serve.
    case unhealthy
  }

  /// What all of them amount to.
  enum Standing: Sendable, Hashable {
    case usable
    /// Why, in words.
    case unhealthy(String)
    case connecting
    case none
  }

  struct Connection: Sendable {
    let number: Int
    var phase = Phase.connecting
    /// Why its server does not serve.
    var healthProblem: String?
    var child: Child?
    /// How many streams the peer allows at a time; `nil` until its SETTINGS came.
    var limit: Int?
    var inUse = 0
    /// How many of them are not for calls.
    var sideStreams = 0
    /// Since when it has no call, while a timer waits for it to stay so.
    var idleSince: Duration?

    var isFull: Bool { inUse >= limit ?? 0 }
    /// It ever carried a call.
    var hadCalls = false

    var hasCalls: Bool { inUse > sideStreams }
    /// Both ends are there: the transport, and the peer's SETTINGS.
    var isComplete: Bool { child != nil && limit != nil }
  }

  let subchannel: SubchannelID
  /// Of the endpoint, for logs.
  let address: String
  let load: EndpointLoad
  private(set) var connections: [Connection] = []
  /// Calls that were given to this subchannel and wait for a stream.
  var parked: Deque<Int> = []
  /// No further connection before this time, as the last one could not be had.
  var mayGrowAt = Duration.zero

  init(subchannel: SubchannelID, address: String, load: EndpointLoad) {
    self.subchannel = subchannel
    self.address = address
    self.load = load
  }

  var standing: Standing {
    if hasUsable { return .usable }
    if let unhealthy = connections.first(where: { $0.phase == .unhealthy }) {
      return .unhealthy(unhealthy.healthProblem ?? "")
    }
    return isConnecting ? .connecting : .none
  }

  var hasUsable: Bool { connections.contains { $0.phase == .usable } }
  var isConnecting: Bool {
    connections.contains { $0.phase == .connecting || $0.phase == .checking }
  }

  /// What went wrong, with where it did.
  func named(_ problem: String) -> String {
    problem.contains(address) ? problem : "\(address): \(problem)"
  }

  /// Whether there are older connections that take calls.
  func isFurther(_ number: Int) -> Bool {
    connections.first { $0.phase == .usable }?.number != number
  }

  subscript(number: Int) -> Connection? {
    connections.first { $0.number == number }
  }

  mutating func add(_ number: Int) {
    connections.append(Connection(number: number))
  }

  /// Changes one connection; nothing if it is not there any more.
  mutating func update(_ number: Int, _ change: (inout Connection) -> Void) {
    guard let index = connections.firstIndex(where: { $0.number == number }) else { return }
    change(&connections[index])
  }

  mutating func remove(_ number: Int) -> Connection? {
    connections.firstIndex { $0.number == number }.map { connections.remove(at: $0) }
  }

  /// Takes a stream of the oldest connection that has one, so that the others become idle when there
  /// is less to do.
  mutating func reserve() -> Lease<Child>? {
    for index in connections.indices {
      guard connections[index].phase == .usable, !connections[index].isFull,
        let child = connections[index].child
      else { continue }
      connections[index].inUse += 1
      connections[index].hadCalls = true
      let id = ConnectionID(subchannel: subchannel, number: connections[index].number)
      return Lease(connection: id, child: child, load: load)
    }
    return nil
  }
}
