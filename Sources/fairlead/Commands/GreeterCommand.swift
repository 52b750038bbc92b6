import ArgumentParser
import FairleadServices
import Foundation
import Logging
import ServiceLifecycle

/// `fairlead greeter`: one backend pod to balance calls over.
struct GreeterCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "greeter",
    abstract: "Serve the greeter, as one pod of a service would.",
    discussion: """
      Serves helloworld.Greeter, health and reflection over plaintext HTTP/2. Every reply names \
      the pod. SIGTERM sets health to not serving, lets running calls finish (10 s at most) and \
      exits.

      With --register it is found by etcd: as PREFIX/ADDRESS under a lease, from when it listens; \
      on SIGTERM it is taken out before running calls finish.

      Example: fairlead greeter --address 127.0.0.1:8080 --name greeter-v1
      """
  )

  /// How long running calls may go on after SIGTERM.
  private static let gracePeriod = Duration.seconds(10)

  @Option(help: ArgumentHelp("Where to listen; port 0 takes a free one.", valueName: "host:port"))
  var address: HostPort

  @Option(help: "The pod's name, which every reply names.")
  var name: String

  @Option(
    help: ArgumentHelp(
      "Close each connection gracefully at this age, such as 30s.", valueName: "duration"))
  var maxConnectionAge: DurationArgument?

  @Option(
    help: ArgumentHelp(
      "How long calls may go on after that, such as 5s; without it, until they end.",
      valueName: "duration"))
  var maxConnectionAgeGrace: DurationArgument?

  @Option(help: ArgumentHelp("Hold each reply back this long, such as 5ms.", valueName: "duration"))
  var delay: DurationArgument = DurationArgument(.zero)

  @Option(help: "The share of calls to fail with UNAVAILABLE, from 0 to 1.")
  var failRate: Double = 0

  @OptionGroup var registration: RegistrationArguments

  @Flag(help: ArgumentHelp("Stop when standard input ends.", visibility: .hidden))
  var untilStdinEnds = false

  func validate() throws {
    guard FailureSchedule(rate: self.failRate) != nil else {
      throw ValidationError(
        "--fail-rate \(self.failRate) is not a share; give 0 to 1, such as 0.1.")
    }
    guard self.maxConnectionAge != nil || self.maxConnectionAgeGrace == nil else {
      throw ValidationError("--max-connection-age-grace needs --max-connection-age.")
    }
    _ = try self.registration.registration(pod: self.name, listening: self.address)
  }

  func run() async throws {
    let registration = try self.registration.registration(
      pod: self.name, listening: self.address)
    let server = GreeterServer(
      greeter: GreeterService(
        pod: self.name,
        delay: self.delay.duration,
        failing: FailureSchedule(rate: self.failRate) ?? .never
      ),
      address: self.address,
      maxConnectionAge: self.maxConnectionAge?.duration,
      maxConnectionAgeGrace: self.maxConnectionAgeGrace?.duration,
      onListening: { port in
        Console.note("\(self.name) listens on \(HostPort(host: self.address.host, port: port))")
        registration?.serverListens(on: port)
      }
    )
    if self.untilStdinEnds {
      exitWhenStandardInputEnds()
    }
    // The last one is stopped first, and waited for.
    let services: [any Service] = [server] + (registration.map { [$0] } ?? [])
    try await runUntilSignalled(services, gracePeriod: Self.gracePeriod)
  }
}
