import FairleadHTTP2
import FairleadTelemetry

/// What can go wrong on the way, and what becomes of the call.
extension Exchange {
  /// The attempt's stream is gone.
  func upstreamDidClose(_ stream: HTTP2Stream, _ closure: StreamClosure) {
    pool?.callEnded()
    // All that the endpoint had to say is on its way to the client.
    if stream.receivedEnd { return }
    switch closure {
    case .resetByPeer(.refusedStream) where mayRetryRefused: retry(.refusedStream)
    case .aboveGoAway where mayRetryRefused: retry(.goAway)
    case .resetByPeer(let code):
      flag = .upstreamRemoteReset
      connection.session.reset(downstream, code)
    case .resetByUs(let code):
      fail(.protocolViolation(endpoint: pool?.endpoint.name ?? "", code: code))
    case .ended, .aboveGoAway, .connectionLost:
      fail(.connectionLost(endpoint: pool?.endpoint.name ?? ""))
    }
  }

  /// The endpoint did nothing with the call, all of its request is still here, and this is the first time.
  private var mayRetryRefused: Bool {
    guard phase == .sent, let pool, downstream.isRewindable else { return false }
    return retries.allowsAfterRefusal(by: pool.id)
  }

  /// No connection to the endpoint could be had: the call has not left the proxy.
  func connectDidFail(at pool: UpstreamPool) {
    guard phase == .routing else { return }
    pool.waitingCallRetried()
    guard retries.allowsAfterConnectFailure(on: pool.id) else {
      return reply(.retriesExhausted(cluster?.name ?? ""))
    }
    cluster?.assign(self)
  }

  /// The client's time is over and no answer is complete.
  func deadlineExpired() {
    guard phase != .finished, upstream?.receivedEnd != true else { return }
    abandonUpstream(.cancel)
    fail(.deadlineExceeded)
  }

  /// Headers of the endpoint, or trailers of either side, are over the limit: a part of them is worth nothing.
  func refuseHeaders(of stream: HTTP2Stream) {
    abandonUpstream(.cancel)
    guard stream !== downstream else {
      return fail(.headersTooLarge(limit: worker.configuration.downstream.maxHeaderListSize))
    }
    let limit = worker.configuration.upstream.maxHeaderListSize
    fail(.responseHeadersTooLarge(endpoint: pool?.endpoint.name ?? "", limit: limit))
  }

  /// Tells the client of a failure, in headers or, if those are out, in trailers; what is not gRPC is reset then.
  func fail(_ failure: LocalReply) {
    guard phase == .responding else { return reply(failure) }
    flag = failure.flag
    if isGRPC, let upstream {
      grpcStatus = failure.grpcStatus
      upstream.endReceived(with: failure.trailers)
    } else {
      connection.session.reset(downstream, .internalError)
    }
  }

  /// Answers the call in the endpoint's place.
  func reply(_ failure: LocalReply) {
    guard phase == .routing || phase == .sent else { return }
    phase = .responding
    flag = failure.flag
    httpStatus = isGRPC ? 200 : failure.httpStatus
    grpcStatus = failure.grpcStatus
    downstream.stopRewinding()
    connection.session.submitResponse(
      failure.headers(isGRPC: isGRPC), on: downstream, source: nil)
  }

  private func retry(_ cause: RetryCause) {
    pool?.callRetried(cause)
    upstream = nil
    pool = nil
    phase = .routing
    downstream.rewind()
    cluster?.assign(self)
  }
}
