/// How many calls ended in which way, with HTTP status, gRPC status and flag counted together.
///
/// Calls end in few ways, so it is a short list that is searched from the front: the first ways seen are the common
/// ones. Room for ``reserved`` ways is there from the start; a peer that answers with ever new statuses makes it grow to
/// ``limit`` at most, after which the rest is counted as ``OutcomeKind/other``.
package struct OutcomeCounts: Sendable {
  /// How many kinds fit without an allocation.
  package static let reserved = 8
  /// How many kinds are told apart.
  package static let limit = 64

  private struct Entry: Sendable {
    let kind: OutcomeKind
    var count: UInt64
  }

  private var entries: [Entry] = []

  package init() {
    entries.reserveCapacity(Self.reserved)
  }

  /// All calls.
  package var total: UInt64 {
    entries.reduce(0) { $0 + $1.count }
  }

  /// Each kind that was seen and its calls, in the order of the kinds.
  package var all: [(kind: OutcomeKind, count: UInt64)] {
    entries.map { ($0.kind, $0.count) }.sorted { $0.0 < $1.0 }
  }

  package subscript(_ kind: OutcomeKind) -> UInt64 {
    entries.first { $0.kind == kind }?.count ?? 0
  }

  /// A call ended in this way.
  package mutating func count(_ kind: OutcomeKind) {
    add(1, to: kind)
  }

  package static func += (total: inout OutcomeCounts, other: OutcomeCounts) {
    for entry in other.entries {
      total.add(entry.count, to: entry.kind)
    }
  }

  private mutating func add(_ count: UInt64, to kind: OutcomeKind) {
    var index = 0
    while index < entries.count {
      if entries[index].kind == kind {
        entries[index].count &+= count
        return
      }
      index += 1
    }
    if entries.count < Self.limit - 1 || kind == .other {
      entries.append(Entry(kind: kind, count: count))
    } else {
      add(count, to: .other)
    }
  }
}
