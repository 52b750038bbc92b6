import FairleadBalancing
import Testing

/// What every policy must do, whoever wrote it. Uses only what is public, a fixed seed and a stated
/// tolerance. To check a policy of your own, add it to ``PolicyConformanceTests/subjects``.
struct PolicyConformance {
  /// How near to its share each endpoint must come.
  enum Spread {
    /// Within so many calls at any time, whatever the number of calls.
    case within(calls: Double)
    /// Within this part of all calls, after a thousand or more.
    case chance(tolerance: Double)
    /// One endpoint takes all calls.
    case single
  }

  let policy: any Policy
  let spread: Spread
  /// Whether the shares follow the weights, or are equal.
  var honoursWeights = false

  func stage(_ endpoints: [Endpoint], seed: UInt64 = 5) -> Stage {
    var stage = Stage(policy, seed: seed)
    stage.update(endpoints)
    stage.wake()
    connect(&stage)
    return stage
  }

  /// Connects all that the policy wants connected.
  func connect(_ stage: inout Stage) {
    while !stage.attempts.isEmpty {
      stage.connectAll()
    }
  }

  /// Makes a call that ends at once; the name of the endpoint that it went to.
  func call(_ stage: Stage, avoiding id: SubchannelID? = nil) throws -> String {
    guard case .subchannel(let id) = stage.pick(avoiding: id),
      let endpoint = stage.balancer.endpoint(of: id)
    else { throw NoEndpoint() }
    let load = stage.balancer.load(of: id)
    load.callBegan()
    load.callEnded()
    return endpoint.name
  }

  /// Checks that each of these endpoints got its share of the calls among them.
  func expectFair(
    _ counts: [String: Int], over weights: [String: Int], _ when: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let counts = counts.filter { weights[$0.key] != nil }
    let calls = Double(counts.values.reduce(0, +))
    let sum = Double(weights.values.reduce(0) { $0 + (honoursWeights ? $1 : 1) })
    for (name, weight) in weights {
      let share = calls * Double(honoursWeights ? weight : 1) / sum
      let distance = abs(Double(counts[name, default: 0]) - share)
      switch spread {
      case .within(let limit):
        #expect(
          distance <= limit, "\(policy.name) \(when): \(counts)", sourceLocation: sourceLocation)
      case .chance(let tolerance):
        #expect(
          distance <= tolerance * calls, "\(policy.name) \(when): \(counts)",
          sourceLocation: sourceLocation)
      case .single:
        #expect(
          counts.count <= 1, "\(policy.name) \(when): \(counts)", sourceLocation: sourceLocation)
      }
    }
  }
}

struct NoEndpoint: Error {}
