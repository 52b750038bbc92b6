import ArgumentParser

/// Which calls to make, and for how long.
struct CallPlan: ParsableArguments {
  @Option(name: .customLong("repeat"), help: "How many calls to make, one after the other.")
  var count = 99

  @Option(help: "Instead: how long to make calls, such as 10s.")
  var duration: Span?

  @Option(help: "How many calls to begin in each second of --duration.")
  var rate = 100

  @Flag(help: "Make calls whose answer is a stream.")
  var stream = false

  @Option(help: "How long a call may take.")
  var timeout = Span(duration: .seconds(10))

  func validate() throws {
    guard count > 0 else { throw ValidationError("--repeat has to be at least 1.") }
    guard (1...1_000_000).contains(rate) else {
      throw ValidationError("--rate has to be from 1 to 1000000.")
    }
  }
}

/// A length of time as one writes it: `1m`, `10s`, `500ms`.
struct Span: ExpressibleByArgument {
  let duration: Duration

  init(duration: Duration) {
    self.duration = duration
  }

  init?(argument: String) {
    let number = argument.prefix { $0.isNumber }
    // A year is enough, and overflows nothing.
    guard let count = Int(number), count <= 31_536_000 else { return nil }
    switch argument.dropFirst(number.count) {
    case "m": duration = .seconds(60 * count)
    case "s": duration = .seconds(count)
    case "ms": duration = .milliseconds(count)
    default: return nil
    }
  }

  var defaultValueDescription: String { "\(duration.components.seconds)s" }
}
