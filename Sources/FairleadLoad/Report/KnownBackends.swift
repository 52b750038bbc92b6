import Foundation

/// The backends that there are, as far as anyone knows.
package struct KnownBackends: Sendable, Hashable, Codable {
  /// Every name, in the order people count: `pod-2` before `pod-10`.
  package let names: [String]

  /// How many there are: as many as there are names, or more where the user has said so.
  package let count: Int

  /// Whether the user or a resolver has said how many there are; if not, those that never answered are not known.
  package let isComplete: Bool

  /// - Parameters:
  ///   - answered: Names that answers gave; repeated ones count once.
  ///   - resolved: Names that a resolver gave.
  ///   - given: How many there are, in the user's words.
  package init(answered: [String], resolved: [String] = [], given: Int? = nil) {
    self.names = Self.ordered(Set(answered).union(resolved))
    self.count = max(names.count, given ?? 0)
    self.isComplete = given != nil || !resolved.isEmpty
  }

  /// Names in the order people count; numbers in them compare as numbers.
  static func ordered(_ names: Set<String>) -> [String] {
    names.sorted { first, second in
      switch first.compare(second, options: .numeric) {
      case .orderedAscending: true
      case .orderedDescending: false
      // `pod-1` and `pod-01`: some order, but always the same.
      case .orderedSame: first < second
      }
    }
  }
}
