extension Balancer {
  /// Another policy for the same endpoints: connections, states, timers and counters stay as they
  /// are, and what the new policy wants connected besides is connected. If it wants only the first
  /// and one is ready, attempts under way are given up.
  public mutating func setPolicy(_ policy: any Policy) -> [Action] {
    let changesStrategy = policy.connects != self.policy.connects
    self.policy = policy
    lastPolicyPicker = nil
    if case .ready = published {
      // The picker is another one, though the same endpoints are ready.
      published = .wait
    }
    var actions: [Action] = []
    if changesStrategy {
      pass = Pass()
      if policy.connects == .first,
        let ready = table.inOrder.first(where: { $0.machine.state == .ready })
      {
        actions = keepOnly(ready.id)
      }
    }
    if isAwake {
      actions += connectWanted()
    }
    return actions + publish()
  }
}
