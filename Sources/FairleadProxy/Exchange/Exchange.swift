import FairleadBalancing
import FairleadHTTP2
import FairleadTelemetry
import NIOCore

/// One RPC crossing the proxy: from a client's stream, over a route and a pick, to an endpoint's stream, and back.
///
/// It decides; the bytes flow by themselves, because each of the two streams is the other's source. The way of a call is
/// `begin` → `assign` → `send` → the response → `finish`; see `Exchange+Response` for the way back and
/// `Exchange+Failure` for what can go wrong.
final class Exchange: StreamHandler, DeadlineHolder {
  let downstream: HTTP2Stream
  let connection: DownstreamConnection
  let isGRPC: Bool
  let startedAt: UInt64

  /// What the client asked for; its stream has room for its trailers.
  private var request: HeaderBlock
  /// The attempt that runs: its stream and the endpoint that has it.
  var upstream: HTTP2Stream?
  var pool: UpstreamPool?
  var cluster: UpstreamCluster?
  var phase = Phase.routing
  /// 1xx responses that went to the client.
  var informationalResponses = 0
  var retries = RetryRules()

  /// When the client gives up, from `grpc-timeout`; `max` if it never does.
  private(set) var deadline = UInt64.max
  var wheelPosition: DeadlineWheelPosition?

  /// What the client was told.
  var httpStatus = 0
  var grpcStatus: Int?
  var flag: ResponseFlag?

  enum Phase {
    /// Not with an endpoint yet, or between two.
    case routing
    /// The request is on its way; nothing came back.
    case sent
    /// Response headers went to the client.
    case responding
    /// The client's stream is closed.
    case finished
  }

  var worker: Worker { connection.worker }

  init(downstream: HTTP2Stream, connection: DownstreamConnection) {
    self.downstream = downstream
    self.connection = connection
    startedAt = connection.worker.clock.now
    let headers = downstream.headers
    isGRPC =
      headers.firstIndex(of: .contentType).map {
        headers.value(at: $0, hasPrefix: "application/grpc")
      } ?? false
    request = headers
    downstream.headers = HeaderBlock()
  }

  // MARK: The way there

  /// The request's headers are complete: find its route.
  func begin() {
    guard !downstream.headersOverflowed else {
      return reply(.headersTooLarge(limit: worker.configuration.downstream.maxHeaderListSize))
    }
    let headers = request
    guard headers.firstIndex(of: .path) != nil else { return reply(.connectNotSupported) }
    readDeadline(headers)
    guard let routes = connection.routes(for: headers), let entry = routes.match() else {
      return reply(.noRoute(authority: headers[.authority] ?? headers[.host] ?? ""))
    }
    let choice = entry.split.next()
    guard let cluster = entry.clusters[choice] else {
      return reply(.noCluster(entry.route.split[choice].clusterName))
    }
    self.cluster = cluster
    cluster.assign(self)
  }

  /// The cluster chose an endpoint and the endpoint a connection: send the request there.
  ///
  /// - Returns: whether the connection took it.
  func send(on connection: UpstreamConnection, of pool: UpstreamPool) -> Bool {
    guard worker.clock.now < deadline else {
      reply(.deadlineExceeded)
      return true
    }
    lowerDeadline()
    guard
      let stream = connection.session.submitRequest(
        request, source: downstream, handler: self)
    else { return false }
    upstream = stream
    self.pool = pool
    phase = .sent
    pool.callBegan()
    return true
  }

  private func readDeadline(_ headers: HeaderBlock) {
    guard isGRPC, let index = headers.firstIndex(of: .grpcTimeout),
      let timeout = GRPCTimeout(headers.valueBytes(at: index))
    else { return }
    deadline = startedAt + timeout.nanoseconds
    worker.watchDeadline(of: self)
  }

  /// What the endpoint is told is what is left of the client's time.
  private func lowerDeadline() {
    guard deadline != .max, worker.clock.now > startedAt,
      let index = request.firstIndex(of: .grpcTimeout)
    else { return }
    let left = GRPCTimeout(nanoseconds: deadline - worker.clock.now)
    request.replaceValue(at: index, with: left.text)
  }

  // MARK: Streams

  func stream(_ stream: HTTP2Stream, didReceive kind: HeaderBlockKind) {
    guard !stream.headersOverflowed else { return refuseHeaders(of: stream) }
    // The client's trailers travel with its body.
    guard stream === upstream else { return }
    switch kind {
    case .informational: forwardInformational(from: stream)
    case .response: respond(from: stream)
    case .trailers: readStatus(of: stream)
    }
  }

  func streamDidReceiveData(_ stream: HTTP2Stream) {}

  func streamDidReceiveEnd(_ stream: HTTP2Stream) {}

  func streamDidClose(_ stream: HTTP2Stream, _ closure: StreamClosure) {
    if stream === downstream {
      finish(closure)
    } else if stream === upstream {
      upstreamDidClose(stream, closure)
    }
  }

  // MARK: The end

  /// The client's stream is closed, one way or the other.
  private func finish(_ closure: StreamClosure) {
    guard phase != .finished else { return }
    noteDeparture(closure)
    phase = .finished
    worker.forgetDeadline(of: self)
    let outcome = CallOutcome(
      // A gRPC response without a status is UNKNOWN to its client.
      grpcStatus: isGRPC ? grpcStatus ?? 2 : nil, httpStatus: httpStatus, flag: flag,
      durationNanoseconds: Int64(worker.clock.now - startedAt),
      requestBytes: downstream.bodyBytesReceived,
      responseBytes: upstream?.bodyBytesReceived ?? 0)
    if let pool {
      pool.count(outcome)
    } else if let cluster {
      cluster.count(outcome)
    } else {
      connection.count(unrouted: outcome)
    }
    abandonUpstream(.cancel)
    downstream.discardReceived()
  }

  /// The client went away before it had all of its answer.
  private func noteDeparture(_ closure: StreamClosure) {
    switch closure {
    case .resetByPeer, .connectionLost:
      guard flag == nil, upstream?.receivedEnd != true else { return }
      flag = .downstreamGone
      grpcStatus = grpcStatus ?? 1
    case .ended, .resetByUs, .aboveGoAway: break
    }
  }

  /// Lets go of the attempt that runs.
  func abandonUpstream(_ code: ErrorCode) {
    // Without a handler it was let go of before, and the reset is on its way.
    guard let upstream, upstream.handler === self else { return }
    upstream.handler = nil
    upstream.detachSource()
    upstream.session?.reset(upstream, code)
    pool?.callEnded()
  }
}
