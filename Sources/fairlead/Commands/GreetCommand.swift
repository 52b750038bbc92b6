import ArgumentParser
import Foundation

/// `fairlead greet`: calls a greeter and counts who answered.
struct GreetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "greet",
    abstract: "Call a greeter and count which pod answered.",
    discussion: """
      Makes one call after the other and prints a line for each: the time, then the answer. At the \
      end comes a count by pod. Exits with 1 if any call failed.

      Example: fairlead greet --address 127.0.0.1:15001 --authority istio-grpc-server:8080
      """
  )

  @Option(help: ArgumentHelp("Where to connect.", valueName: "host:port"))
  var address: HostPort

  @Option(help: "The :authority of the calls, which a proxy routes by; without it, the address.")
  var authority: String?

  @Option(name: .customLong("repeat"), help: "How many calls to make.")
  var count: Int = 100

  @Option(help: "How many connections to spread the calls over, in turn.")
  var connections: Int = 1

  @Option(
    help: ArgumentHelp("How long to wait between two calls, such as 10ms.", valueName: "duration"))
  var interval: DurationArgument = DurationArgument(.zero)

  @Option(help: "Whom to greet.")
  var name: String = "world"

  @Option(help: ArgumentHelp("How long one call may take.", valueName: "duration"))
  var timeout: DurationArgument = DurationArgument(.seconds(5))

  @Flag(help: "Print only the count, as JSON.")
  var json = false

  func validate() throws {
    guard self.count > 0 else {
      throw ValidationError("--repeat \(self.count) makes no calls; give 1 or more.")
    }
    guard 1...10_000 ~= self.connections else {
      throw ValidationError("--connections \(self.connections) is not from 1 to 10000.")
    }
    guard self.timeout.duration > .zero else {
      throw ValidationError("--timeout 0 leaves no time for a call; give one such as 5s.")
    }
  }

  func run() async throws {
    let tally = try await GreeterConnections.with(
      self.address,
      count: self.connections,
      authority: self.authority
    ) { connections in
      try await self.greet(over: connections, clock: ContinuousClock(), wallClock: .system)
    }
    try self.report(tally)
    if tally.failed > 0 {
      throw ExitCode.failure
    }
  }

  private func greet(
    over connections: GreeterConnections,
    clock: some Clock<Duration>,
    wallClock: WallClock
  ) async throws -> GreetTally {
    var tally = GreetTally()
    for turn in 0..<self.count {
      if turn > 0, self.interval.duration > .zero {
        try await clock.sleep(for: self.interval.duration)
      }
      let answer = await connections.greet(
        turn: turn,
        name: self.name,
        timeout: self.timeout.duration
      )
      let line: String
      switch answer {
      case .reply(let message, let pod):
        tally.countReply(from: pod)
        line = message
      case .failure(let status, let reason):
        tally.countFailure(status: status)
        line = "failed: \(status): \(reason)"
      }
      if !self.json {
        Console.line("\(wallClock.stamp) \(line)")
      }
    }
    return tally
  }

  private func report(_ tally: GreetTally) throws {
    if self.json {
      Console.line(try JSONText.encode(tally))
    } else {
      Console.line()
      for line in tally.lines {
        Console.line(line)
      }
    }
  }
}
