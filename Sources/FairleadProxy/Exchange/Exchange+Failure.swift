import FairleadHTTP2
import FairleadTelemetry

/// What can go wrong on the way, and what becomes of the call.
extension Exchange {
  /// The attempt's stream is gone.
  func upstreamDidClose(_ stream: HTTP2Stream, _ closure: StreamClosure) {
    pool?.callEnded()
    // All that the endpoint had to say is on its way to the client.
    if stream.receivedEnd { return }
    if let cause = retryCause(stream, closure) {
      return retry(cause)
    }
    switch closure {
    case .resetByPeer(let code):
      flag = .upstreamRemoteReset
      grpcStatus = code.grpcStatus
      connection.session.reset(downstream, code)
    case .resetByUs(let code):
      fail(.protocolViolation(endpoint: pool?.endpoint.name ?? "", code: code))
    case .aboveGoAway:
      fail(.retriesExhausted(cluster?.name ?? ""))
    case .ended, .connectionLost:
      fail(.connectionLost(endpoint: pool?.endpoint.name ?? ""))
    }
  }

  /// Why the call is tried again, if it is: the endpoint did nothing with it, or the service takes calls twice; all of its
  /// request is still here, and the rules allow one more attempt, which is noted.
  private func retryCause(_ stream: HTTP2Stream, _ closure: StreamClosure) -> RetryCause? {
    guard phase == .sent, let pool, downstream.isRewindable else { return nil }
    guard stream.wasSent else {
      return retries.allowsAfterConnectFailure(on: pool.id) ? .connectFailure : nil
    }
    switch closure {
    case .resetByPeer(.refusedStream):
      return retries.allowsAfterRefusal(by: pool.id) ? .refusedStream : nil
    case .aboveGoAway:
      return retries.allowsAfterRefusal(by: pool.id) ? .goAway : nil
    case .ended, .connectionLost:
      guard cluster?.retriesLostCalls == true else { return nil }
      return retries.allowsAfterLoss(of: pool.id) ? .connectionLost : nil
    case .resetByPeer, .resetByUs:
      return nil
    }
  }

  /// No connection to the endpoint could be had: the call has not left the proxy.
  func connectDidFail(at pool: UpstreamPool) {
    guard phase == .routing else { return }
    guard retries.allowsAfterConnectFailure(on: pool.id) else {
      return reply(.retriesExhausted(cluster?.name ?? ""))
    }
    pool.waitingCallRetried()
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

extension ErrorCode {
  /// What a gRPC client makes of RST_STREAM with this code (gRPC over HTTP/2, "Errors").
  fileprivate var grpcStatus: Int {
    switch self {
    case .refusedStream: 14
    case .cancel: 1
    case .enhanceYourCalm: 8
    case .inadequateSecurity: 7
    default: 13
    }
  }
}
