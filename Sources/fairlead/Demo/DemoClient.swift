/// The demo's gRPC client: a few calls one after the other, or a steady load.
struct DemoClient: Sendable {
  /// Where it connects.
  let address: HostPort
  /// What its calls give as `:authority`; `nil` for the address.
  let authority: String?

  /// Calls under way at once in a steady load: as many can be lost with a pod that is killed.
  static let callers = 8

  /// How long each caller rests between two calls: about 1,500 calls a second in all.
  private static let rest = Duration.milliseconds(4)

  /// How long one call may take.
  private static let callTimeout = Duration.seconds(5)

  /// Makes `count` calls, one after the other, over so many connections in turn.
  func calls(_ count: Int, connections: Int = 1) async throws -> GreetTally {
    try await GreeterConnections.with(address, count: connections, authority: authority) {
      greeters in
      var tally = GreetTally()
      for turn in 0..<count {
        try Task.checkCancellation()
        switch await greeters.greet(turn: turn, name: "world", timeout: Self.callTimeout) {
        case .reply(_, let pod): tally.countReply(from: pod)
        case .failure(let status, _): tally.countFailure(status: status)
        }
      }
      return tally
    }
  }

  /// Keeps calling over one connection for as long as `body` runs.
  ///
  /// Every call is counted in the recorder that `body` is given; when this returns, none is under
  /// way any more.
  func steadily<Result: Sendable>(
    _ body: @Sendable (CallRecorder) async throws -> Result
  ) async throws -> (result: Result, tally: GreetTally) {
    let recorder = CallRecorder(clock: .system)
    let result = try await GreeterConnections.with(address, count: 1, authority: authority) {
      greeters in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<Self.callers {
          group.addTask { try await Self.keepCalling(greeters, recorder) }
        }
        defer { recorder.end() }
        return try await body(recorder)
      }
    }
    return (result, recorder.tally)
  }

  private static func keepCalling(
    _ greeters: GreeterConnections, _ recorder: CallRecorder
  ) async throws {
    while !recorder.isEnding {
      try Task.checkCancellation()
      recorder.record(await greeters.greet(turn: 0, name: "world", timeout: callTimeout))
      try await ContinuousClock().sleep(for: rest)
    }
  }
}
