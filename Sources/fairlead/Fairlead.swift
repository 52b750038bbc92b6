import ArgumentParser

/// The command: wiring only.
@main
struct Fairlead: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fairlead",
    abstract: "Lead every gRPC call to the right pod.",
    discussion: "Example: fairlead demo",
    version: Version.current,
    subcommands: [
      ProxyCommand.self, CheckCommand.self, GreeterCommand.self, GreetCommand.self,
    ]
  )
}
