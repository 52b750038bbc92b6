extension Balancer {
  /// Makes the picker fit the state of the subchannels, and says so if that makes a difference.
  ///
  /// - Parameter lastError: the error that was just reported, if one was.
  mutating func publish(lastError: String? = nil) -> [Action] {
    var actions = outlierVerdicts()
    let content = content(lastError: lastError)
    guard content != published else { return actions }
    published = content
    switch content {
    case .wait:
      picker = FixedPicker(.wait)
    case .fail(let failure):
      picker = FixedPicker(.fail(failure))
    case .ready(let candidates, let unready):
      if let weights = policy.reportedWeights(of: candidates, now: now) {
        actions.append(.observed(.weighed(weights)))
      }
      let setting = PickerSetting(random: random, unready: unready, now: now)
      let made = policy.makePicker(over: candidates, in: setting, replacing: lastPolicyPicker)
      guard made !== picker else { return actions }
      picker = made
      lastPolicyPicker = picker
    }
    return actions + [.pickerChanged]
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
          Candidate(
            id: subchannel.id, endpoint: subchannel.endpoint, load: subchannel.load,
            ramp: slowStart?.ramp(after: now - subchannel.coldSince) ?? 1))
      case .idle, .connecting, .transientFailure, .draining:
        if let failure = subchannel.machine.failure {
          errors.append(failure.error)
        }
      }
    }
    if !ready.isEmpty {
      let chosen = inService(ready)
      return .ready(chosen, unready: policy.considersUnready ? unready(besides: chosen) : [])
    }
    // Under ConnectStrategy.first, failure is sticky whatever the next update brings (gRFC A62).
    if errors.count < endpoints.count, !pass.hasFailed { return .wait }
    return .fail(.allUnreachable(lastError: lastError ?? knownError(of: errors)))
  }

  /// The rest of the set, for a policy that asks. What is ejected counts as failing (gRFC A50).
  private func unready(besides chosen: [Candidate]) -> [UnreadyEndpoint] {
    let chosen = Set(chosen.map(\.id))
    return table.inOrder.filter { !chosen.contains($0.id) }.map { subchannel in
      let isReady = subchannel.machine.state == .ready
      return UnreadyEndpoint(
        endpoint: subchannel.endpoint,
        isFailing: isReady || subchannel.machine.failure != nil)
    }
  }

  /// While nothing new is reported, the error that calls are told stays the same if it can.
  private func knownError(of errors: [String]) -> String {
    if case .fail(.allUnreachable(let told)) = published, errors.contains(told) || errors.isEmpty {
      return told
    }
    return errors.last ?? ""
  }
}
