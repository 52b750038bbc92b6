extension Balancer {
  /// Another policy for the same endpoints: connections, states and counters stay as they are.
  public mutating func setPolicy(_ policy: any Policy) -> [Action] {
    self.policy = policy
    lastPolicyPicker = nil
    if case .ready = published {
      // Made anew below, though the same endpoints are ready.
      published = .wait
    }
    return (isAwake ? connectWanted() : []) + publish()
  }
}
