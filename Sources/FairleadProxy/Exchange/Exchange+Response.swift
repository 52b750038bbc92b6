import FairleadHTTP2

/// The way back.
extension Exchange {
  /// 1xx responses of one call; a client that does not read them has them queued.
  private static let informationalLimit = 100

  /// A 1xx response.
  func forwardInformational(from stream: HTTP2Stream) {
    informationalResponses += 1
    guard informationalResponses <= Self.informationalLimit else {
      abandonUpstream(.enhanceYourCalm)
      return fail(.protocolViolation(endpoint: pool?.endpoint.name ?? "", code: .enhanceYourCalm))
    }
    connection.session.submitInformational(stream.headers, on: downstream)
  }

  /// The endpoint's response headers: from here on the call is its.
  func respond(from stream: HTTP2Stream) {
    guard phase == .sent else { return }
    phase = .responding
    downstream.stopRewinding()
    let headers = stream.headers
    httpStatus = headers.firstIndex(of: .status).flatMap(headers.decimal(at:)) ?? 0
    readStatus(of: stream)
    connection.session.submitResponse(
      headers, on: downstream, source: stream.receivedEnd ? nil : stream)
  }

  /// The final status, from trailers or from headers that are trailers too.
  func readStatus(of stream: HTTP2Stream) {
    guard isGRPC, let index = stream.headers.firstIndex(of: .grpcStatus) else { return }
    grpcStatus = stream.headers.decimal(at: index)
  }
}
