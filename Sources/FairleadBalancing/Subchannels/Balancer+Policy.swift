extension Balancer {
  /// Another policy for the same endpoints: connections, states and counters stay as they are, and
  /// what the new policy wants connected besides is connected.
  public mutating func setPolicy(_ policy: any Policy) -> [Action] {
    let changesStrategy = policy.connects != self.policy.connects
    self.policy = policy
    lastPolicyPicker = nil
    if case .ready = published {
      // The picker is another one, though the same endpoints are ready.
      published = .wait
    }
    if changesStrategy {
      // The old strategy's timers mean nothing to the new one: nothing may wait for them.
      roundTimer = nil
      for id in table.ids {
        table[id]?.machine.rest()
      }
    }
    return (isAwake ? connectWanted() : []) + publish()
  }
}
