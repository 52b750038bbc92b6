import FairleadTelemetry

extension CallOutcome {
  /// A call that its server answered with OK in two milliseconds.
  static let served = CallOutcome(
    grpcStatus: 0, httpStatus: 200, durationNanoseconds: 2_000_000, requestBytes: 12,
    responseBytes: 20)

  /// A call that the proxy had to answer itself.
  static func failed(_ flag: ResponseFlag, grpcStatus: Int = 14) -> CallOutcome {
    CallOutcome(
      grpcStatus: grpcStatus, httpStatus: 200, flag: flag, durationNanoseconds: 300_000,
      requestBytes: 12, responseBytes: 0)
  }
}
