extension Balancer {
  /// Makes the picker fit the state of the subchannels, and says so if that makes a difference.
  ///
  /// - Parameter lastError: the error that was just reported, if one was.
  mutating func publish(lastError: String? = nil) -> [Action] {
    let content = content(lastError: lastError)
    guard content != published else { return [] }
    published = content
    switch content {
    case .wait:
      picker = FixedPicker(.wait)
    case .fail(let failure):
      picker = FixedPicker(.fail(failure))
    case .ready(let candidates):
      picker = policy.makePicker(over: candidates, replacing: lastPolicyPicker, random: random)
      lastPolicyPicker = picker
    }
    return [.pickerChanged]
  }

  private func content(lastError: String?) -> PickerContent {
    guard let endpoints else { return .wait }
    if endpoints.isEmpty { return .fail(.noEndpoints) }
    guard isAwake else { return .wait }
    if case .waiting = settling { return .wait }

    var ready: [Candidate] = []
    var errors: [String] = []
    for subchannel in table.inOrder {
      switch subchannel.machine.state {
      case .ready:
        ready.append(
          Candidate(id: subchannel.id, endpoint: subchannel.endpoint, load: subchannel.load))
      case .idle, .connecting, .transientFailure, .draining:
        if let failure = subchannel.machine.failure {
          errors.append(failure.error)
        }
      }
    }
    if !ready.isEmpty { return .ready(inService(ready)) }
    if errors.count < endpoints.count { return .wait }
    return .fail(.allUnreachable(lastError: lastError ?? knownError(of: errors)))
  }

  /// While nothing new is reported, the error that calls are told stays the same if it can.
  private func knownError(of errors: [String]) -> String {
    if case .fail(.allUnreachable(let told)) = published, errors.contains(told) {
      return told
    }
    return errors.last ?? ""
  }
}
