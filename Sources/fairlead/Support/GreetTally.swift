import Foundation

/// What became of a run of greetings: calls by pod, and failures by status.
struct GreetTally: Sendable, Hashable {
  /// One pod's part of the calls.
  struct Share: Sendable, Hashable, Encodable {
    let pod: String
    let calls: Int
    /// Of all calls made, failed ones too: from 0 to 1.
    let share: Double
  }

  /// Answered calls by the pod that answered.
  private(set) var callsByPod: [String: Int] = [:]

  /// Failed calls by status, such as `UNAVAILABLE`.
  private(set) var failuresByStatus: [String: Int] = [:]

  /// Counts one answered call.
  mutating func countReply(from pod: String) {
    self.callsByPod[pod, default: 0] += 1
  }

  /// Counts one failed call.
  mutating func countFailure(status: String) {
    self.failuresByStatus[status, default: 0] += 1
  }

  /// Failed calls.
  var failed: Int { self.failuresByStatus.values.reduce(0, +) }

  /// All calls, answered or failed.
  var calls: Int { self.callsByPod.values.reduce(0, +) + self.failed }

  /// Each pod's part, by name; numbers in a name count as numbers would, `pod-2` before `pod-10`.
  var shares: [Share] {
    self.callsByPod
      .sorted { $0.key.compare($1.key, options: .numeric) == .orderedAscending }
      .map { pod, calls in
        Share(pod: pod, calls: calls, share: Double(calls) / Double(max(self.calls, 1)))
      }
  }

  /// The count by pod as a table, and what failed, for people.
  var lines: [String] {
    var table = TextTable(columns: [("pod", .left), ("calls", .right), ("share", .right)])
    for part in self.shares {
      table.add([part.pod, "\(part.calls)", Self.percent(part.share)])
    }
    let counts = self.shares.isEmpty ? [] : table.lines + [""]
    let calls = "\(self.calls) \(self.calls == 1 ? "call" : "calls")"
    guard self.failed > 0 else {
      return counts + ["\(calls), none failed"]
    }
    let statuses = self.failuresByStatus.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    let failures = "\(self.failed) failed (\(statuses.joined(separator: ", ")))"
    return counts + ["\(calls), \(failures)"]
  }

  /// A share as a percentage with one digit after the point.
  private static func percent(_ share: Double) -> String {
    let tenths = Int((share * 1000).rounded())
    return "\(tenths / 10).\(tenths % 10)%"
  }
}

extension GreetTally: Encodable {
  private enum CodingKeys: String, CodingKey {
    case calls
    case failed
    case pods
    case failures
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(self.calls, forKey: .calls)
    try container.encode(self.failed, forKey: .failed)
    try container.encode(self.shares, forKey: .pods)
    try container.encode(self.failuresByStatus, forKey: .failures)
  }
}
