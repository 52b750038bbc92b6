import DequeModule
import FairleadBalancing
import FairleadTelemetry
import NIOCore

/// The connections of one worker to one endpoint: usually one; more when the endpoint's stream limit is reached.
final class UpstreamPool {
  let id: SubchannelID
  /// As the last update described it.
  var endpoint: Endpoint
  private(set) var metrics = EndpointMetrics()
  /// The endpoint is out of the configuration, or asked for no more calls on its last connection.
  private(set) var isLeaving = false

  private let load: EndpointLoad
  private unowned let cluster: UpstreamCluster
  /// Those that take calls.
  private var connections: [UpstreamConnection] = []
  /// Those that only finish calls.
  private var closing: [UpstreamConnection] = []
  private var connecting: [UpstreamConnection] = []
  private var waiting = Deque<Exchange>()

  init(id: SubchannelID, endpoint: Endpoint, load: EndpointLoad, cluster: UpstreamCluster) {
    self.id = id
    self.endpoint = endpoint
    self.load = load
    self.cluster = cluster
  }

  private var worker: Worker { cluster.worker }

  /// Open connections.
  var connectionCount: Int { connections.count + closing.count }

  /// No connection is left, and every call was counted: a client may read on after the endpoint has ended.
  var isQuiet: Bool {
    connections.isEmpty && closing.isEmpty && connecting.isEmpty && metrics.calls.active == 0
  }

  // MARK: Calls

  /// Sends the call on a connection that has a stream free; else it waits for one, and another connection is opened.
  func start(_ exchange: Exchange) {
    for connection in connections where connection.hasFreeStream {
      if exchange.send(on: connection, of: self) { return }
    }
    let limit = worker.configuration.maxWaitingCalls
    if waiting.count >= limit {
      // Calls whose clients have left or whose deadline has passed keep their place until somebody needs it.
      let before = waiting.count
      waiting.removeAll { $0.phase != .routing }
      for _ in waiting.count..<before {
        cluster.callMovesOn()
      }
    }
    guard waiting.count < limit else {
      return exchange.reply(.overflow(endpoint.name, limit: limit))
    }
    waiting.append(exchange)
    cluster.callWaits()
    openForWaiting()
  }

  /// One connection more if calls wait for a free stream, one at a time, up to the bound.
  private func openForWaiting() {
    guard !waiting.isEmpty, connecting.isEmpty, !isLeaving,
      connections.count < worker.configuration.maxConnectionsPerEndpoint
    else { return }
    open()
  }

  func callBegan() {
    load.callBegan()
    metrics.callBegan()
  }

  /// The endpoint has nothing more to do for a call; what its client saw is reported by `count` or `callRetried`.
  func callEnded() {
    load.callEnded()
  }

  func count(_ outcome: CallOutcome) {
    metrics.callEnded(outcome)
  }

  func callRetried(_ cause: RetryCause) {
    metrics.callRetried(cause)
  }

  /// A call that waited for a connection looks for another endpoint.
  func waitingCallRetried() {
    metrics.waitingCallRetried(.connectFailure)
  }

  private func startWaiting() {
    while let exchange = waiting.first {
      guard exchange.phase == .routing else {
        waiting.removeFirst()
        cluster.callMovesOn()
        continue
      }
      guard
        let connection = connections.first(where: \.hasFreeStream),
        exchange.send(on: connection, of: self)
      else { return }
      waiting.removeFirst()
      cluster.callMovesOn()
    }
  }

  /// Calls that wait here look for another endpoint.
  private func releaseWaiting() {
    let released = waiting
    waiting.removeAll()
    for exchange in released {
      cluster.callMovesOn()
      exchange.connectDidFail(at: self)
    }
  }

  // MARK: Connections

  /// The balancer wants the endpoint connected.
  func connect() {
    if connecting.isEmpty {
      open()
    }
  }

  private func open() {
    let connection = UpstreamConnection(pool: self, worker: worker)
    connecting.append(connection)
    connection.connect(to: endpoint.address)
  }

  /// The connection can take calls.
  func didOpen(_ connection: UpstreamConnection) {
    connecting.removeAll { $0 === connection }
    metrics.connectionOpened()
    guard !isLeaving else {
      closing.append(connection)
      return connection.finish()
    }
    connections.append(connection)
    if connections.count == 1 {
      cluster.poolDidConnect(self)
    }
    startWaiting()
    openForWaiting()
  }

  func didFailToOpen(_ connection: UpstreamConnection, error: String) {
    connecting.removeAll { $0 === connection }
    if !isLeaving {
      metrics.connectFailed()
    }
    guard connections.isEmpty else { return }
    if !isLeaving {
      cluster.poolDidFailToConnect(self, error: error)
    }
    releaseWaiting()
  }

  /// The connection takes no new calls any more: it was asked so by GOAWAY.
  func didRetire(_ connection: UpstreamConnection) {
    guard connections.contains(where: { $0 === connection }) else { return }
    connections.removeAll { $0 === connection }
    closing.append(connection)
    didLoseConnection()
  }

  func didClose(_ connection: UpstreamConnection) {
    metrics.connectionClosed()
    closing.removeAll { $0 === connection }
    guard connections.contains(where: { $0 === connection }) else { return }
    connections.removeAll { $0 === connection }
    didLoseConnection()
  }

  /// A stream has ended, or the endpoint allows more of them.
  func didFreeStream() {
    if !waiting.isEmpty {
      startWaiting()
    }
  }

  private func didLoseConnection() {
    guard connections.isEmpty, !isLeaving else { return }
    cluster.poolDidDisconnect(self)
    if connecting.isEmpty {
      releaseWaiting()
    }
  }

  // MARK: The end

  /// The endpoint has left: no new calls, running ones finish, then the connections are closed.
  func drain() {
    isLeaving = true
    closing += connections
    connections.removeAll()
    for connection in closing {
      connection.finish()
    }
    releaseWaiting()
  }

  func closeAll() {
    for connection in connections + closing + connecting {
      connection.closeNow()
    }
  }

  /// For `/clusters`, while it finishes.
  var leavingStatus: EndpointStatus {
    EndpointStatus(
      name: endpoint.name, address: endpoint.address.description, weight: endpoint.weight,
      state: .draining, active: load.active, total: load.total, connections: connectionCount,
      labels: endpoint.labels)
  }
}
