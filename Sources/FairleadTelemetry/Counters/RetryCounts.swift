/// Attempts given up, by cause.
package struct RetryCounts: Sendable, Hashable {
  package private(set) var connectFailure: UInt64 = 0
  package private(set) var refusedStream: UInt64 = 0
  package private(set) var goAway: UInt64 = 0
  package private(set) var connectionLost: UInt64 = 0

  package init() {}

  package subscript(_ cause: RetryCause) -> UInt64 {
    switch cause {
    case .connectFailure: connectFailure
    case .refusedStream: refusedStream
    case .goAway: goAway
    case .connectionLost: connectionLost
    }
  }

  package mutating func count(_ cause: RetryCause) {
    switch cause {
    case .connectFailure: connectFailure &+= 1
    case .refusedStream: refusedStream &+= 1
    case .goAway: goAway &+= 1
    case .connectionLost: connectionLost &+= 1
    }
  }

  package static func += (total: inout RetryCounts, other: RetryCounts) {
    total.connectFailure &+= other.connectFailure
    total.refusedStream &+= other.refusedStream
    total.goAway &+= other.goAway
    total.connectionLost &+= other.connectionLost
  }
}
