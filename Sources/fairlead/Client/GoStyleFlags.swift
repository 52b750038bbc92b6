/// The options of one command, as far as it has to be known how they are written.
struct GoStyleFlags: Sendable {
  private let kinds: [String: GoFlags.Kind]
  /// What else an option is called: one letter, or another tool's name for it.
  private let others: [String: String]

  /// All long names, sorted.
  var names: [String] { self.kinds.keys.sorted() }

  /// The option's long name and whether it takes a value; nil if there is none of that name.
  subscript(name: String) -> (name: String, kind: GoFlags.Kind)? {
    let name = self.others[name] ?? name
    return self.kinds[name].map { (name, $0) }
  }

  /// Whether an argument is one of the options, with one dash or two.
  func has(_ argument: String) -> Bool {
    let word = argument.drop { $0 == "-" }
    let dashes = argument.count - word.count
    if dashes == 1, self.attached(word) != nil { return true }
    return dashes <= 2 && self[String(word.prefix { $0 != "=" })] != nil
  }

  /// An option of one letter with its value in the same word, as curl takes them: `H` of `Hname: value`, `d` of `d{}`.
  ///
  /// - Parameter word: Without its dash.
  /// - Returns: The option's long name and the value; nil if it is a long name, known or mistyped.
  func attached(_ word: Substring) -> (name: String, value: String)? {
    guard let letter = word.first, self[String(word.prefix { $0 != "=" })] == nil,
      let (name, kind) = self[String(letter)], kind == .value
    else { return nil }
    let value = word.dropFirst()
    // No long name has a capital; after another letter, only what no name has is surely a value.
    guard letter.isUppercase || !(value.first.map { $0.isLetter || $0 == "-" } ?? true) else {
      return nil
    }
    return (name, String(value))
  }

  /// As much of an unknown option as may be shown: what may be a name, and no value that was written behind it.
  func shown(_ word: String) -> String {
    let longest = self.names.lazy.map(\.count).max() ?? 0
    return String(
      word.prefix(longest).prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
  }

  private init(toggles: [String], values: [String], others: [String: String]) {
    let client = ["cacert", "cert", "key", "server-name", "authority", "connect-timeout", "header"]
    let descriptors = ["proto", "import-path", "protoset"]
    let place = ["context", "kubeconfig", "zone", "node"]
    var kinds: [String: GoFlags.Kind] = [:]
    for name in values + client + descriptors + place { kinds[name] = .value }
    for name in toggles + ["plaintext", "insecure", "json", "help", "version"] {
      kinds[name] = .toggle
    }
    self.kinds = kinds
    self.others = others.merging(
      ["H": "header", "d": "data", "h": "help", "servername": "server-name"]
    ) { first, _ in first }
  }

  /// By the name of the command.
  static let ofCommand = [
    "call": GoStyleFlags(
      toggles: ["emit-defaults", "msg-template", "verbose", "show-secrets"],
      values: ["data", "rpc-header", "reflect-header", "max-time", "max-msg-sz", "format"],
      others: ["v": "verbose"]),
    "load": GoStyleFlags(
      toggles: [],
      values: [
        "call", "data", "by", "backends", "total", "duration", "rps", "warm-up", "concurrency",
        "connections", "timeout", "threads", "target", "policy", "html",
      ],
      others: ["c": "concurrency"]),
  ]
}
