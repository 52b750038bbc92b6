/// What calls are counted by: HTTP status, gRPC status and flag of a ``CallOutcome``, in four bytes.
///
/// Values that no specification knows are folded, so that a peer cannot make up kinds: a gRPC status above 16 is
/// "other", an HTTP status outside 100…599 is 0.
package struct OutcomeKind: Sendable, Hashable {
  private static let noValue: UInt8 = 255
  private static let otherStatus: UInt8 = 17

  private let packed: UInt32

  package init(_ outcome: borrowing CallOutcome) {
    self.init(
      httpStatus: outcome.httpStatus, grpcStatus: outcome.grpcStatus, flag: outcome.flag)
  }

  package init(httpStatus: Int, grpcStatus: Int?, flag: ResponseFlag?) {
    let http = (100...599).contains(httpStatus) ? UInt32(httpStatus) : 0
    let grpc: UInt8 =
      switch grpcStatus {
      case .none: Self.noValue
      case .some(let status): (0...16).contains(status) ? UInt8(status) : Self.otherStatus
      }
    packed = http << 16 | UInt32(grpc) << 8 | UInt32(flag?.index ?? Self.noValue)
  }

  /// Where a full ``OutcomeCounts`` counts what it has no room for: HTTP status 0, gRPC status "other", no flag.
  package static let other = OutcomeKind(httpStatus: 0, grpcStatus: 17, flag: nil)

  /// The `:status` sent to the client, 0 when there was none or it was no valid one.
  package var httpStatus: Int { Int(packed >> 16) }

  /// 0…16, or 17 for any other; `nil` for a response that was not gRPC.
  package var grpcStatus: Int? {
    let value = UInt8(truncatingIfNeeded: packed >> 8)
    return value == Self.noValue ? nil : Int(value)
  }

  package var flag: ResponseFlag? {
    let index = UInt8(truncatingIfNeeded: packed)
    return index == Self.noValue ? nil : ResponseFlag.allCases[Int(index)]
  }

  /// The value of a `grpc_status` label: a number, `other`, or empty for a response that was not gRPC.
  package var grpcStatusLabel: String {
    switch grpcStatus {
    case .none: ""
    case .some(let status): status > 16 ? "other" : String(status)
    }
  }
}

extension OutcomeKind: Comparable {
  package static func < (lhs: OutcomeKind, rhs: OutcomeKind) -> Bool { lhs.packed < rhs.packed }
}

extension ResponseFlag {
  /// Position in `allCases`; a switch, because this is asked for each call that went wrong.
  fileprivate var index: UInt8 {
    switch self {
    case .noRoute: 0
    case .noCluster: 1
    case .noHealthyUpstream: 2
    case .upstreamConnectFailure: 3
    case .upstreamOverflow: 4
    case .upstreamConnectionTermination: 5
    case .upstreamRemoteReset: 6
    case .upstreamProtocolError: 7
    case .upstreamTimeout: 8
    case .retriesExhausted: 9
    case .downstreamGone: 10
    case .downstreamProtocolError: 11
    case .overloaded: 12
    }
  }
}
