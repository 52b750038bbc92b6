import ArgumentParser

/// `fairlead demo`: shows on loopback what Fairlead is for.
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Show, without a cluster, that every call is balanced.",
    discussion: """
      Starts greeter pods and a proxy on free ports of this machine, makes calls in eight scenes, \
      prints one table and stops all it started. Exits with 1 if a scene did not go as it should.

      Example: fairlead demo --keep
      """
  )

  /// How long the whole story may take.
  private static let limit = Duration.seconds(28)

  @Flag(help: "Print the same figures as JSON.")
  var json = false

  @Flag(help: "Leave pods and proxy running until Ctrl-C, and say how to reach them.")
  var keep = false

  func run() async throws {
    let command = self
    let held = try await untilSignalled {
      try await DemoStage.with { try await command.run(on: $0) }
    }
    guard let held else {
      throw CommandFailure("Interrupted; all that was started is stopped.")
    }
    if !held {
      throw ExitCode.failure
    }
  }

  /// - Returns: Whether every scene went as it should.
  private func run(on stage: DemoStage) async throws -> Bool {
    let progress = Console.Progress(isShown: Console.isTerminal)
    defer { progress.clear() }
    let report = try await within(Self.limit) {
      try await Demo(on: stage, progress: progress.show).run()
    }
    guard let report else {
      let limit = DurationArgument(Self.limit)
      throw CommandFailure("The demo is not through after \(limit); is this machine very busy?")
    }
    progress.clear()
    try show(report)
    if keep {
      await stay(on: stage)
    }
    return report.objections.isEmpty
  }

  private func show(_ report: DemoReport) throws {
    if json {
      Console.line(try JSONText.encode(report))
    } else {
      let parts = [[DemoReport.introduction, ""], report.lines, ["", report.conclusion]]
      for line in parts.joined() {
        Console.line(line)
      }
    }
    for objection in report.objections {
      Console.error(objection)
    }
  }

  /// Waits for the signal that ends the demo.
  private func stay(on stage: DemoStage) async {
    let addresses = await stage.addresses
    let say = json ? Console.error : Console.line
    say(
      """

      Still up, until Ctrl-C:
        admin  http://\(addresses.admin)
        calls  fairlead greet --address \(addresses.calls) \
      --authority \(DemoManifests.spread):\(DemoManifests.port)
        files  \(stage.configuration.path), changes are in force at once
      """)
    await untilCancelled()
  }
}
