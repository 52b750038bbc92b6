/// The flags of grpcurl, which are written with one dash or with two.
///
/// Options here have two dashes; a word that is one of grpcurl's flags with one dash means the same.
enum GrpcurlFlags {
  /// Those of `fairlead call` that grpcurl has as well, and have more than one letter.
  static let names: Set<String> = [
    "authority", "cacert", "cert", "connect-timeout", "emit-defaults", "format", "help",
    "import-path", "insecure", "key", "max-msg-sz", "max-time", "msg-template", "plaintext",
    "proto", "protoset", "reflect-header", "rpc-header", "servername", "version",
  ]

  /// The arguments of the command as ArgumentParser wants them.
  ///
  /// - Parameter arguments: Without the name of the executable.
  /// - Returns: The same, if they are for another command.
  static func normalised(_ arguments: [String]) -> [String] {
    guard arguments.first == "call" else { return arguments }
    var result: [String] = []
    // What follows a `--` is no option.
    var areOptions = true
    for argument in arguments {
      areOptions = areOptions && argument != "--"
      result.append(areOptions ? Self.option(argument) : argument)
    }
    return result
  }

  private static func option(_ argument: String) -> String {
    guard argument.hasPrefix("-") else { return argument }
    let word = argument.drop { $0 == "-" }
    let dashes = argument.count - word.count
    let name = String(word.prefix { $0 != "=" })
    guard dashes <= 2, self.names.contains(name) else { return argument }
    return name == "servername" ? "--server-name\(word.dropFirst(name.count))" : "--\(word)"
  }
}
