/// How bad a ``Finding`` is.
package enum Severity: String, Sendable, Hashable, Codable, CaseIterable {
  /// The configuration is refused whole; the last good one stays in force.
  case error
  /// The configuration is taken, but does not do what its writer asked for.
  case warning
  /// Worth knowing; nothing is wrong.
  case info
}

extension Severity: Comparable {
  /// The worse one is the smaller, so that a sorted list begins with the errors.
  package static func < (lhs: Severity, rhs: Severity) -> Bool { lhs.rank < rhs.rank }

  private var rank: Int {
    switch self {
    case .error: 0
    case .warning: 1
    case .info: 2
    }
  }
}
