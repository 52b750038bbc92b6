import ArgumentParser

/// Where the clients run, for the hints of EndpointSlices.
struct ClientPlace: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The clients' zone, for the zone hints of EndpointSlices; FAIRLEAD_ZONE says it as well.",
      valueName: "name"))
  var zone: String?

  @Option(
    help: ArgumentHelp(
      "The clients' node, for the node hints of EndpointSlices; NODE_NAME says it as well.",
      valueName: "name"))
  var node: String?

  /// What was not said is taken from the environment; a variable that is empty counts as not set.
  mutating func complete(from environment: [String: String]) {
    zone = zone ?? environment["FAIRLEAD_ZONE"].flatMap { $0.isEmpty ? nil : $0 }
    node = node ?? environment["NODE_NAME"].flatMap { $0.isEmpty ? nil : $0 }
  }
}
