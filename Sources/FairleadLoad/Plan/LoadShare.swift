/// The part of a plan that one of several workers makes. The parts add up to the plan.
package struct LoadShare: Sendable, Hashable {
  package let plan: LoadPlan
  /// From 0.
  package let worker: Int
  /// At most as many as there are connections and as there are calls under way at once.
  package let workers: Int

  /// How many workers a plan can be shared by, of so many that are wanted.
  package static func workers(wanted: Int, for plan: LoadPlan) -> Int {
    max(1, min(wanted, plan.connections, plan.concurrency))
  }

  /// All shares of a plan.
  package static func shares(of plan: LoadPlan, among workers: Int) -> [LoadShare] {
    (0..<workers).map { LoadShare(plan: plan, worker: $0, workers: workers) }
  }

  package var concurrency: Int { part(of: plan.concurrency) }
  package var connections: Int { part(of: plan.connections) }
  /// The calls of this part; `nil` if the run ends by time.
  package var calls: Int? {
    switch plan.extent {
    case .calls(let total): part(of: total)
    case .duration: nil
    }
  }

  /// How many of `count` calls, numbered from 0, are this worker's: those whose number, divided by the number of workers,
  /// leaves the worker's.
  private func part(of count: Int) -> Int {
    count / workers + (worker < count % workers ? 1 : 0)
  }

  /// What a connection of this part may have of its calls under way at once.
  ///
  /// - Parameter index: among the connections of this part, from 0.
  package func quota(ofConnection index: Int) -> Int {
    max(1, concurrency / connections + (index < concurrency % connections ? 1 : 0))
  }
}
