import Foundation

/// One row of the demo's table: what was done, what came of it, and what that shows.
struct DemoRow: Sendable {
  /// A short name that does not change, for scripts.
  let id: String
  /// What was done, for people.
  let scene: String
  /// How many connections the client had.
  let connections: Int
  /// What became of the calls.
  let tally: GreetTally
  /// The time that the row measures, if it measures one.
  var milliseconds: Double?
  /// What a newcomer should see in it.
  let shows: String
  /// What must hold.
  let claims: [DemoClaim]

  /// The claims that do not hold, in words.
  var objections: [String] {
    claims.compactMap { $0.objection(to: self) }
  }

  /// Calls by pod as `greeter-1 100, greeter-2 200`; pods without calls are not there.
  var callsByPod: String { Self.text(tally.callsByPod) }

  /// Calls by pod in the pods' order.
  static func text(_ callsByPod: [String: Int]) -> String {
    callsByPod
      .sorted { $0.key.compare($1.key, options: .numeric) == .orderedAscending }
      .map { "\($0.key) \($0.value)" }
      .joined(separator: ", ")
  }

  /// A number with at most one digit after the point.
  static func text(_ number: Double) -> String {
    let tenths = Int((number * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))"
  }
}

extension DemoRow: Encodable {
  private enum CodingKeys: String, CodingKey {
    case id, scene, connections, calls, failed, pods, failures, milliseconds, shows, held
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(scene, forKey: .scene)
    try container.encode(connections, forKey: .connections)
    try container.encode(tally.calls, forKey: .calls)
    try container.encode(tally.failed, forKey: .failed)
    try container.encode(tally.callsByPod, forKey: .pods)
    try container.encode(tally.failuresByStatus, forKey: .failures)
    try container.encodeIfPresent(milliseconds, forKey: .milliseconds)
    try container.encode(shows, forKey: .shows)
    try container.encode(objections.isEmpty, forKey: .held)
  }
}
