import ArgumentParser
import FairleadAdmin
import FairleadBalancing
import Logging

/// `fairlead front`: an HTTP service that calls a greeter for each request.
struct FrontCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "front",
    abstract: "Serve a page that calls a greeter, as a web application in front of it would.",
    discussion: """
      Each GET /hello/grpc opens a gRPC channel, makes 25 calls on it one after the other, closes \
      it, and answers which pod took how many. ?numrequest=100 makes more, ?name=NAME greets \
      somebody, ?format=json is for scripts. A call that fails ends the hit with status 502; \
      \(FrontPages.hitLimit) hits are served at once, and more get 503. /healthz answers 200. \
      SIGTERM lets running requests finish (10 s at most).

      Example: fairlead front --address 127.0.0.1:9000 --greeter 127.0.0.1:15001 --authority \
      grpc:9000
      """
  )

  /// How long running requests may go on after SIGTERM.
  private static let gracePeriod = Duration.seconds(10)

  @Option(help: ArgumentHelp("Where to listen; port 0 takes a free one.", valueName: "host:port"))
  var address: HostPort

  @Option(help: ArgumentHelp("Where the greeter is, or a proxy to it.", valueName: "host:port"))
  var greeter: HostPort

  @Option(
    help: "The :authority of the calls, which a proxy routes by; without it, the greeter's address."
  )
  var authority: String?

  @Option(help: ArgumentHelp("How long one call may take, and connecting.", valueName: "duration"))
  var timeout: DurationArgument = DurationArgument(.seconds(5))

  func validate() throws {
    guard self.timeout.duration > .zero else {
      throw ValidationError("--timeout 0 leaves no time for a call; give one such as 5s.")
    }
  }

  func run() async throws {
    let caller = try FrontCaller(
      self.greeter, authority: self.authority, timeout: self.timeout.duration,
      seed: RandomSource.systemSeed())
    let pages = FrontPages(greeter: self.greeter.description, note: Console.error) { calls, name in
      await caller.hit(calls: calls, name: name)
    }
    let server = PageServer(
      host: self.address.host, port: self.address.port, pages: pages,
      logger: Logger(label: "fairlead.front") { _ in SwiftLogNoOpLogHandler() }
    ) { port in
      Console.note("front on http://\(HostPort(host: self.address.host, port: port))/hello/grpc")
    }
    do {
      try await runUntilSignalled([server], gracePeriod: Self.gracePeriod)
    } catch let error as PageServerError {
      throw CommandFailure(
        "The front cannot listen on \(error.address): \(error.reason); choose another --address.")
    }
  }
}
