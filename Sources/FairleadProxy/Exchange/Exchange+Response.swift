import FairleadHTTP2

/// The way back.
extension Exchange {
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
