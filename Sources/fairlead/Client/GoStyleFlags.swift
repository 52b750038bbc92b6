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
    return argument.count - word.count <= 2 && self[String(word.prefix { $0 != "=" })] != nil
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
