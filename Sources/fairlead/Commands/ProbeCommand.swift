import ArgumentParser
import FairleadBalancing
import FairleadDescriptors
import FairleadGRPC
import Foundation

/// `fairlead probe`: whether a server says that it is healthy.
///
/// Its flags and exit statuses are those of `grpc_health_probe`, so that probes that exist need but
/// another name. They are parsed without ArgumentParser, which knows another syntax and 2 for wrong usage.
struct ProbeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe",
    abstract: "Ask a server for its health; takes the flags of grpc_health_probe.",
    usage: "fairlead probe -addr <host:port> [-service <name>] [-tls] [<flag> ...]",
    discussion: """
      Calls grpc.health.v1.Health/Check and exits with 0 if the answer is SERVING. In a pod, as an \
      exec probe: command: ["fairlead", "probe", "-addr=:8080"]. Called by the name \
      grpc_health_probe, fairlead is this command.

      Flags have one dash or two, and their values behind = or in the next argument:

      \(ProbeHelp.flags)

      Examples:
        fairlead probe -addr=:8080 -rpc-timeout 250ms
        fairlead probe -addr=:8080 -watch -until serving -within 30s

      Exit status: 0 serving, 1 wrong arguments, 2 no connection, 3 the call failed or was too \
      slow, 4 not serving. A watch that is interrupted exits with the status of its last line.
      """
  )

  /// The names that make a program of ours this command.
  private static let otherNames: Set = ["grpc_health_probe", "grpc-health-probe"]

  @Argument(parsing: .captureForPassthrough, help: .hidden)
  var arguments: [String] = []

  func run() async throws {
    throw ExitCode(await Self.probe(self.arguments))
  }

  /// The arguments of a probe; nil if these are of another command.
  ///
  /// - Parameter arguments: The process's, with its name.
  static func arguments(in arguments: [String]) -> [String]? {
    guard let program = arguments.first else { return nil }
    let name = program.split(separator: "/").last.map(String.init) ?? program
    if otherNames.contains(name) { return Array(arguments.dropFirst()) }
    return arguments.dropFirst().first == configuration.commandName
      ? Array(arguments.dropFirst(2)) : nil
  }

  /// Probes, says how it went, and returns the exit status.
  static func probe(_ arguments: [String]) async -> Int32 {
    let request: ProbeRequest
    do throws(ProbeUsageError) {
      request = try ProbeRequest(parsing: arguments)
    } catch {
      Console.error("error: \(error); see fairlead probe -help")
      return 1
    }
    switch request {
    case .help:
      Console.line(Fairlead.helpMessage(for: Self.self))
      return 0
    case .version:
      Console.line(Version.current)
      return 0
    case .probe(let options):
      if let warning = options.warning { Console.error(warning) }
      return await probe(options)
    }
  }

  private static func probe(_ options: ProbeOptions) async -> Int32 {
    let outcome: ProbeOutcome
    do {
      let probe = try HealthProbe(options, seed: RandomSource.systemSeed(), note: Console.error)
      guard let watch = options.watch else {
        return try await probe.check { Console.error($0.line(options)) }.exitStatus
      }
      return try await follow(probe, watch)
    } catch let error as SecurityError {
      outcome = .badCredentials(reason: ProbeOptions.inFlags(error.message))
    } catch {
      outcome = .connectionFailed(reason: "\(error)".printable)
    }
    Console.error(outcome.line(options))
    return outcome.exitStatus
  }

  private static func follow(_ probe: HealthProbe, _ watch: ProbeOptions.Watch) async throws
    -> Int32
  {
    let watcher = HealthWatcher(probe, goal: watch.until) { outcome in
      Console.line("\(WallClock.system.stamp) \(outcome.state)")
    }
    let end = try await untilSignalled { () -> ProbeOutcome? in
      guard let goal = watch.until, let limit = watch.limit else { return await watcher.run() }
      return try await within(limit.duration) { await watcher.run() }
        ?? .notReached(goal, last: watcher.last)
    }
    // Nil after a signal.
    guard let outcome = (end ?? nil) ?? watcher.last else {
      return ProbeOutcome.connectionFailed(reason: "").exitStatus
    }
    if case .notReached = outcome { Console.error(outcome.line(probe.options)) }
    return watch.until == .notServing && end != nil ? outcome.exitStatusOfGoal : outcome.exitStatus
  }
}
