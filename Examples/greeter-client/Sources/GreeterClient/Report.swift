import FairleadGRPC
import Foundation

/// The counts at one moment. Times are seconds since 1970.
struct Report: Encodable {
  struct Pod: Encodable {
    let pod: String
    /// That ended well.
    var calls = 0
    /// With a status of this pod's.
    var failed = 0
    /// When its first and its last message came.
    var first: TimeInterval?
    var last: TimeInterval?
  }

  struct Failure: Encodable {
    let at: TimeInterval
    let status: String
    let message: String
    /// If it was the pod that said so.
    let pod: String?
  }

  /// What Fairlead's transport tells of a server.
  struct Endpoint: Encodable {
    let address: String
    let state: String
    let active: Int
    let total: Int
    let ejected: Bool

    init(_ status: EndpointStatus) {
      address = status.endpoint.name
      state = "\(status.state)"
      active = status.active
      total = status.total
      ejected = status.isEjected
    }
  }

  let began: TimeInterval
  let at: TimeInterval
  /// That ended well.
  let calls: Int
  let failed: Int
  let pods: [Pod]
  let failures: [Failure]
  let endpoints: [Endpoint]

  func text(json: Bool, isLast: Bool) throws -> String {
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
    return isLast ? table : line
  }

  private var line: String {
    let time = Date(timeIntervalSince1970: at).formatted(.iso8601)
    let counts = pods.map { "\($0.pod) \($0.calls)" }.joined(separator: ", ")
    return "\(time)  \(counts); \(failed) failed"
  }

  private var table: String {
    let width = pods.map(\.pod.count).max() ?? 0
    let rows = pods.map { pod in
      pod.pod.padding(toLength: width, withPad: " ", startingAt: 0)
        + String(repeating: " ", count: max(1, 9 - "\(pod.calls)".count)) + "\(pod.calls)"
    }
    let statuses = Dictionary(grouping: failures) { "\($0.status): \($0.message)" }
      .sorted { $0.key < $1.key }.map { "  \($0.value.count) × \($0.key)" }
    let sum = "\(calls + failed) calls, \(failed) failed"
    let rest = failed - failures.count
    let unlisted = rest > 0 ? ["  \(rest) × not listed, as they are too many"] : []
    return (rows + [sum] + statuses + unlisted).joined(separator: "\n")
  }
}
