/// How one call ended, as its client saw it.
package struct CallOutcome: Sendable, Hashable {
  /// The final `grpc-status`, from trailers or from a Trailers-Only answer, whoever made it; `nil` when the response was
  /// not gRPC.
  package var grpcStatus: Int?
  /// The response's `:status`; 0 when none was sent, as when the client left before.
  package var httpStatus: Int
  /// What went wrong outside the server, if anything did.
  package var flag: ResponseFlag?
  /// From the request's headers to the end of the response, on a monotonic clock.
  package var durationNanoseconds: Int64
  /// Bytes of request DATA taken from the client.
  package var requestBytes: Int
  /// Bytes of response DATA given to the client.
  package var responseBytes: Int

  package init(
    grpcStatus: Int?,
    httpStatus: Int,
    flag: ResponseFlag? = nil,
    durationNanoseconds: Int64,
    requestBytes: Int,
    responseBytes: Int
  ) {
    self.grpcStatus = grpcStatus
    self.httpStatus = httpStatus
    self.flag = flag
    self.durationNanoseconds = durationNanoseconds
    self.requestBytes = requestBytes
    self.responseBytes = responseBytes
  }
}
