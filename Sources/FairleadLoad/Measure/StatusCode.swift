import FairleadGRPC
import GRPCCore

/// A gRPC status code, under its number on the wire.
package enum StatusCode: UInt8, Sendable, Hashable, CaseIterable {
  case ok = 0
  case cancelled = 1
  case unknown = 2
  case invalidArgument = 3
  case deadlineExceeded = 4
  case notFound = 5
  case alreadyExists = 6
  case permissionDenied = 7
  case resourceExhausted = 8
  case failedPrecondition = 9
  case aborted = 10
  case outOfRange = 11
  case unimplemented = 12
  case internalError = 13
  case unavailable = 14
  case dataLoss = 15
  case unauthenticated = 16

  /// A number off the wire; one that gRPC does not have is `UNKNOWN`.
  package init(wire number: Int) {
    self = UInt8(exactly: number).flatMap(StatusCode.init(rawValue:)) ?? .unknown
  }

  /// As the gRPC specification writes it: `DEADLINE_EXCEEDED`.
  package var name: String {
    Status.Code(rawValue: Int(rawValue))?.canonicalName ?? "\(self)"
  }
}
