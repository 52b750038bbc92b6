import ArgumentParser
import Foundation

/// The command: wiring only.
@main
struct Fairlead: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fairlead",
    abstract: "Lead every gRPC call to the right pod.",
    discussion: "Example: fairlead demo",
    version: Version.current,
    subcommands: [
      DemoCommand.self, ProxyCommand.self, CheckCommand.self, GreeterCommand.self,
      GreetCommand.self, ResolveCommand.self, CallCommand.self, ProbeCommand.self,
      FrontCommand.self, LoadCommand.self,
    ]
  )

  /// Exit status of wrong usage.
  private static let usageStatus: Int32 = 2

  /// Parses and runs. Exit status: 0 good, 1 it ran and the answer is bad, 2 wrong usage.
  static func main() async {
    Console.reserveDescriptors()
    // Every few seconds for each pod: not even the table of commands is built for it.
    if let arguments = ProbeCommand.arguments(in: CommandLine.arguments) {
      Foundation.exit(await ProbeCommand.probe(arguments))
    }
    do {
      var command = try parseAsRoot(
        GoStyleArguments.normalised(Array(CommandLine.arguments.dropFirst())))
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let error as UsageFailure {
      Console.error("Error: \(error)")
      Foundation.exit(usageStatus)
    } catch {
      guard exitCode(for: error) == .validationFailure else {
        exit(withError: error)
      }
      Console.error(fullMessage(for: error))
      Foundation.exit(usageStatus)
    }
  }
}
