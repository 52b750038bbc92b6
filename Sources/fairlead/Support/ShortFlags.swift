/// Words with one dash where options have two: ArgumentParser takes them apart, letter by letter, so that `-nosuch` would print
/// the help and succeed.
enum ShortFlags {
  /// - Parameter arguments: Without the name of the executable.
  /// - Throws: ``UsageFailure`` for a word with one dash that is neither `-h` nor begins as `-f` does, all that there are.
  static func check(_ arguments: [String]) throws {
    for argument in arguments.prefix(while: { $0 != "--" }) {
      guard argument.hasPrefix("-"), !argument.hasPrefix("--"), argument != "-" else { continue }
      let word = argument.dropFirst()
      if word == "h" || word.first == "f" { continue }
      let name = word.prefix { $0.isLetter || $0.isNumber || $0 == "-" }
      throw UsageFailure(
        "Unknown option '-\(name)'. Options have two dashes; 'fairlead COMMAND --help' lists them.")
    }
  }
}
