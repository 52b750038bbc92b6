import FairleadBalancing
import FairleadRouting

/// Chooses an endpoint for each connection as kube-proxy does: any endpoint of the set, whether it can be reached or not.
final class ConnectionPicker {
  private let random: RandomSource
  private var endpoints: [Endpoint] = []
  private var active: [EndpointAddress: Int] = [:]
  private var cursor = 0

  /// - Parameter start: where round robin begins; another one for each worker, which deal out connections in turn.
  init(random: RandomSource, start: Int = 0) {
    self.random = random
    cursor = start
  }

  func update(_ set: EndpointSet) {
    endpoints = set.endpoints
    let addresses = Set(endpoints.map(\.address))
    active = active.filter { addresses.contains($0.key) || $0.value > 0 }
  }

  /// The endpoint for a new connection, other than those that were tried already; nil if there is none.
  func pick(_ scheduler: ConnectionScheduler, excluding tried: Set<EndpointAddress>) -> Endpoint? {
    let candidates =
      tried.isEmpty ? endpoints : endpoints.filter { !tried.contains($0.address) }
    guard !candidates.isEmpty else { return nil }
    switch scheduler {
    case .random:
      return candidates[random.next(below: candidates.count)]
    case .roundRobin:
      defer { cursor &+= 1 }
      return candidates[cursor % candidates.count]
    case .leastConnections:
      return candidates.min { active[$0.address, default: 0] < active[$1.address, default: 0] }
    }
  }

  func connectionOpened(to address: EndpointAddress) {
    active[address, default: 0] += 1
  }

  func connectionClosed(to address: EndpointAddress) {
    let left = active[address, default: 1] - 1
    active[address] = left > 0 ? left : nil
  }
}
