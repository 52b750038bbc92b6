import ArgumentParser
import FairleadCalls
import FairleadDescriptors
import FairleadLoad

/// What `fairlead load` calls, how often and how fast.
struct LoadArguments: ParsableArguments {
  @Option(
    name: .customLong("call"),
    help: ArgumentHelp("What to call, as package.Service/Method.", valueName: "method"))
  var method: String

  @Option(
    name: [.customShort("d"), .customLong("data")],
    help: ArgumentHelp(
      "The request in JSON, with {{n}} and the like; @ reads standard input, @FILE a file.",
      valueName: "json"))
  var data = ""

  @Option(
    help: ArgumentHelp(
      "How answers tell who gave them: peer, header:NAME or field:NAME. (default: peer)",
      valueName: "how"),
    transform: LoadBackendArgument.read)
  var by = LoadBackendArgument.peer

  @Option(
    help: ArgumentHelp(
      "How many backends there are, for the verdict; without it, those that answered.",
      valueName: "count"), transform: Int.read)
  var backends: Int?

  @Option(
    help: ArgumentHelp("End each run after so many calls.", valueName: "calls"), transform: Int.read
  )
  var total: Int?

  @Option(
    help: ArgumentHelp(
      "End each run after so long, such as 30s; without --total, 10s.", valueName: "duration"),
    transform: DurationArgument.read)
  var duration: DurationArgument?

  @Option(
    help: ArgumentHelp("Calls that are due each second.", valueName: "calls"),
    transform: Double.read)
  var rps: Double?

  @Option(
    help: ArgumentHelp(
      "Make calls for so long before any is counted. (default: 0)", valueName: "duration"),
    transform: DurationArgument.read)
  var warmUp = DurationArgument(.zero)

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Calls under way at once, over all connections. (default: 50)", valueName: "calls"),
    transform: Int.read)
  var concurrency = 50

  @Option(
    help: ArgumentHelp(
      "Connections to each address; several numbers make several runs, such as 1,3. (default: 1)",
      valueName: "numbers"), transform: CountsArgument.read)
  var connections = CountsArgument([1])

  @Option(
    help: ArgumentHelp(
      "How long a call may take; 0 for ever. (default: 20s)", valueName: "duration"),
    transform: DurationArgument.read)
  var timeout = DurationArgument(.seconds(20))

  @Option(
    help: ArgumentHelp(
      "Threads that make calls to addresses; one is enough for most servers. (default: 1)",
      valueName: "count"),
    transform: Int.read)
  var threads = 1

  func validate() throws {
    if self.total != nil, self.duration != nil {
      throw ValidationError("--total and --duration both say when to end; leave one of them out.")
    }
    do {
      _ = try MethodName(self.method)
      if !self.data.hasPrefix("@") { try RequestMaker.check(data: self.data) }
    } catch let problem as DescriptorProblem {
      throw ValidationError("--call: \(problem.description.printable)")
    } catch let failure as LoadFailure {
      throw ValidationError("-d: \(failure.description.printable)")
    }
    try Self.check("--total", self.total, in: 1...1_000_000_000_000)
    try Self.check("--backends", self.backends, in: 1...100_000)
    try Self.check("--concurrency", self.concurrency, in: 1...100_000)
    try Self.check("--threads", self.threads, in: 1...256)
    for count in self.connections.counts {
      try Self.check("--connections", count, in: 1...10_000)
    }
    if let duration, duration.duration <= .zero {
      throw ValidationError("--duration 0 leaves no time for a call; give one such as 10s.")
    }
    if let rps, !(rps >= 0.001 && rps <= 10_000_000) {
      throw ValidationError("--rps \(rps) is not from 0.001 to 10000000.")
    }
  }

  private static func check(_ name: String, _ value: Int?, in range: ClosedRange<Int>) throws {
    guard let value, !range.contains(value) else { return }
    throw ValidationError(
      "\(name) \(value) is not from \(range.lowerBound) to \(range.upperBound).")
  }

  /// The plan of a run over so many connections.
  func plan(connections: Int) -> LoadPlan {
    let extent: LoadPlan.Extent =
      self.total.map(LoadPlan.Extent.calls)
      ?? .duration((self.duration?.duration ?? .seconds(10)).wholeNanoseconds)
    let timeout = self.timeout.duration.wholeNanoseconds
    return LoadPlan(
      extent: extent, concurrency: self.concurrency, connections: connections,
      ratePerSecond: self.rps, warmUp: self.warmUp.duration.wholeNanoseconds,
      timeout: timeout > 0 ? timeout : nil)
  }
}

extension Duration {
  /// Of a duration that is not negative.
  var wholeNanoseconds: UInt64 {
    UInt64(clamping: components.seconds) * 1_000_000_000
      + UInt64(clamping: components.attoseconds / 1_000_000_000)
  }
}
