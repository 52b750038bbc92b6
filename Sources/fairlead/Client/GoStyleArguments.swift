import FairleadDescriptors

/// Arguments as the tools of Go's world take them: flags have one dash or two, `-plaintext=false` says no, and a value may begin with a
/// dash; and as curl takes them, `-H"name: value"`.
///
/// Options here have two dashes. ArgumentParser takes a word with one dash apart, letter by letter: `-nosuch` would be the help.
enum GoStyleArguments {
  /// The arguments of the command as ArgumentParser wants them.
  ///
  /// - Parameter arguments: Without the name of the executable.
  /// - Returns: The same, if they are for a command without such flags. Of a switch that is told yes and no the last counts.
  /// - Throws: ``UsageFailure`` for a flag that is not known, and for a switch that is neither on nor off.
  static func normalised(_ arguments: [String]) throws -> [String] {
    guard let command = arguments.first, let flags = GoStyleFlags.ofCommand[command] else {
      try ShortFlags.check(arguments)
      return arguments
    }
    var result = [command]
    var rest = arguments.dropFirst()
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("-"), argument != "-" else {
        result.append(argument)
        continue
      }
      // What follows a `--` is no option.
      guard argument != "--" else { return result + [argument] + rest }
      let option = try Self.option(argument, &rest, flags, command)
      if option.isWithdrawn {
        result.removeAll { $0 == option.word }
      } else {
        result.append(option.word)
      }
    }
    return result
  }

  private struct Option {
    let word: String
    /// A switch that is told no.
    var isWithdrawn = false
  }

  private static func option(
    _ argument: String, _ rest: inout ArraySlice<String>, _ flags: GoStyleFlags, _ command: String
  ) throws -> Option {
    let word = argument.drop { $0 == "-" }
    let dashes = argument.count - word.count
    if dashes == 1, let (name, value) = flags.attached(word) {
      return Option(word: "--\(name)=\(value)")
    }
    let written = String(word.prefix { $0 != "=" })
    guard dashes <= 2, let (name, kind) = flags[written] else {
      guard dashes <= 2 else { return Option(word: argument) }
      throw Self.unknown(written, dashes, flags, command)
    }
    let value = word.contains("=") ? String(word.drop { $0 != "=" }.dropFirst()) : nil
    switch (kind, value) {
    case (.toggle, nil):
      return Option(word: "--\(name)")
    case (.toggle, let value?):
      guard let isOn = GoFlags.boolean(value) else {
        throw UsageFailure(
          "'\(value.printable)' is neither true nor false: write -\(written) or -\(written)=false.")
      }
      return Option(word: "--\(name)", isWithdrawn: !isOn)
    case (.value, let value?):
      return Option(word: "--\(name)=\(value)")
    case (.value, nil):
      // A value that looks like an option.
      guard let next = rest.first, next.hasPrefix("-"), !flags.has(next) else {
        return Option(word: "--\(name)")
      }
      rest.removeFirst()
      return Option(word: "--\(name)=\(next)")
    }
  }

  private static func unknown(
    _ name: String, _ dashes: Int, _ flags: GoStyleFlags, _ command: String
  ) -> UsageFailure {
    let near = Spelling.nearest(to: name, among: flags.names).map { " Did you mean '--\($0)'?" }
    let shown = (dashes == 1 ? "-" : "--") + flags.shown(name)
    return UsageFailure(
      "Unknown option '\(shown)'.\(near ?? "") See 'fairlead \(command) --help'.")
  }
}
