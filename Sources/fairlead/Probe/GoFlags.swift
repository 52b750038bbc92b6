/// Arguments in the syntax of Go's `flag` package, which exec probes are written in.
///
/// `-flag=value`, `-flag value` and `-flag` for a switch, with one dash or two. A switch takes its
/// value only behind `=`. Flags end at `--` and at the first argument that is none.
struct GoFlags: Sendable, Hashable {
  /// What a flag takes.
  enum Kind: Sendable, Hashable {
    /// Nothing, or `=true` and the like.
    case toggle
    /// A text, in the same argument or in the next.
    case value
  }

  /// One flag that was given.
  struct Flag: Sendable, Hashable {
    /// Without its dashes.
    var name: String
    /// For a switch without a value, `true`.
    var value: String
  }

  /// In the order of the arguments; a flag may be there more than once.
  private(set) var flags: [Flag] = []

  /// What comes behind the flags.
  private(set) var rest: [String] = []

  /// - Parameters:
  ///   - arguments: Those of the command, without its name.
  ///   - kind: What a flag of this name takes; nil if there is no such flag.
  init(_ arguments: [String], kind: (String) -> Kind?) throws(ProbeUsageError) {
    var arguments = arguments[...]
    while let first = arguments.first, first.hasPrefix("-"), first != "-" {
      arguments.removeFirst()
      if first == "--" { break }
      self.flags.append(try Self.flag(first, next: &arguments, kind: kind))
    }
    self.rest = Array(arguments)
  }

  private static func flag(
    _ argument: String, next: inout ArraySlice<String>, kind: (String) -> Kind?
  ) throws(ProbeUsageError) -> Flag {
    let text = argument.dropFirst(argument.hasPrefix("--") ? 2 : 1)
    guard let first = text.first, first != "-", first != "=" else {
      throw ProbeUsageError("bad flag syntax: \(argument)")
    }
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    let value = parts.count == 2 ? String(parts[1]) : nil
    switch kind(name) {
    case nil:
      throw ProbeUsageError("flag provided but not defined: -\(name)")
    case .toggle:
      return Flag(name: name, value: value ?? "true")
    case .value:
      guard let value = value ?? next.popFirst() else {
        throw ProbeUsageError("flag needs an argument: -\(name)")
      }
      return Flag(name: name, value: value)
    }
  }

  /// A switch's value as Go reads it; nil if it is none.
  static func boolean(_ text: String) -> Bool? {
    switch text {
    case "1", "t", "T", "true", "TRUE", "True": true
    case "0", "f", "F", "false", "FALSE", "False": false
    default: nil
    }
  }
}
