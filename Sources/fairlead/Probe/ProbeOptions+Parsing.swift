import FairleadDescriptors

/// What the arguments of `fairlead probe` ask for.
enum ProbeRequest: Sendable, Hashable {
  case help
  case version
  case probe(ProbeOptions)

  /// - Throws: ``ProbeUsageError`` in the words of `grpc_health_probe`, where it has words for it.
  init(parsing arguments: [String]) throws(ProbeUsageError) {
    let given = try GoFlags(arguments) { name in ProbeFlag(rawValue: name)?.kind }
    var answers = ProbeAnswers()
    for flag in given.flags {
      // Its name was asked for above.
      guard let known = ProbeFlag(rawValue: flag.name) else { continue }
      try answers.take(known, flag.value)
    }
    if answers.asksForHelp {
      self = .help
    } else if answers.asksForVersion {
      self = .version
    } else {
      answers.options.ignored = given.rest
      self = .probe(try answers.checked())
    }
  }
}

/// The flags one by one, before it is asked whether they go together.
private struct ProbeAnswers {
  var options = ProbeOptions()
  var asksForHelp = false
  var asksForVersion = false
  private var usesTLS = false
  private var usesALTS = false
  private var usesSPIFFE = false
  private var watches = false
  private var tls = ProbeOptions.TLS()
  private var goal: ProbeOptions.Goal?
  private var limit: GoDuration?

  mutating func take(_ flag: ProbeFlag, _ value: String) throws(ProbeUsageError) {
    switch flag {
    case .addr: self.options.addressText = value
    case .service: self.options.service = value
    case .connectTimeout: self.options.connectTimeout = try Self.duration(value, flag)
    case .rpcTimeout: self.options.rpcTimeout = try Self.duration(value, flag)
    case .rpcHeader: self.options.headers.append(try Self.header(value))
    case .userAgent: self.options.userAgent = value
    case .gzip: self.options.compresses = try Self.boolean(value, flag)
    case .tls: self.usesTLS = try Self.boolean(value, flag)
    case .tlsCACert: self.tls.authorities = Self.text(value)
    case .tlsClientCert: self.tls.certificate = Self.text(value)
    case .tlsClientKey: self.tls.key = Self.text(value)
    case .tlsNoVerify: self.tls.isVerified = !(try Self.boolean(value, flag))
    case .tlsServerName: self.tls.serverName = Self.text(value)
    case .alts: self.usesALTS = try Self.boolean(value, flag)
    case .spiffe: self.usesSPIFFE = try Self.boolean(value, flag)
    case .watch: self.watches = try Self.boolean(value, flag)
    case .until:
      guard let goal = ProbeOptions.Goal(rawValue: value) else {
        throw ProbeUsageError("-until \"\(value)\" is not serving or not-serving")
      }
      self.goal = goal
    case .within: self.limit = try Self.duration(value, flag)
    case .verbose, .verboseInFull: self.options.isVerbose = try Self.boolean(value, flag)
    case .version: self.asksForVersion = try Self.boolean(value, flag)
    case .help, .helpInShort: self.asksForHelp = try Self.boolean(value, flag)
    }
  }

  /// The options, if they go together.
  func checked() throws(ProbeUsageError) -> ProbeOptions {
    guard !self.options.addressText.isEmpty else { throw ProbeUsageError("-addr not specified") }
    for (name, value) in [
      ("connect-timeout", self.options.connectTimeout), ("rpc-timeout", self.options.rpcTimeout),
      ("within", self.limit ?? GoDuration(.seconds(1))),
    ] where value.nanoseconds <= 0 {
      throw ProbeUsageError("-\(name) must be greater than zero (specified: \(value))")
    }
    try self.checkCredentials()
    try self.checkTLS()
    guard self.watches || self.goal == nil else {
      throw ProbeUsageError("specified -until without specifying -watch")
    }
    guard self.goal != nil || self.limit == nil else {
      throw ProbeUsageError("specified -within without specifying -until")
    }
    var options = self.options
    options.address = try ProbeAddress(parsing: options.addressText)
    options.tls = self.usesTLS ? self.tls : nil
    options.watch = self.watches ? ProbeOptions.Watch(until: self.goal, limit: self.limit) : nil
    return options
  }

  private func checkCredentials() throws(ProbeUsageError) {
    if self.usesALTS, self.usesSPIFFE {
      throw ProbeUsageError("-alts and -spiffe are mutually incompatible")
    }
    if self.usesTLS, self.usesALTS { throw ProbeUsageError("cannot specify -tls with -alts") }
    if self.usesTLS, self.usesSPIFFE {
      throw ProbeUsageError("-tls and -spiffe are mutually incompatible")
    }
    if self.usesALTS {
      throw ProbeUsageError("-alts is not supported, it works on Google Cloud alone; use -tls")
    }
    if self.usesSPIFFE {
      throw ProbeUsageError(
        "-spiffe is not supported; use -tls with -tls-client-cert and -tls-client-key")
    }
  }

  private func checkTLS() throws(ProbeUsageError) {
    let given: [(name: String, isGiven: Bool)] = [
      ("tls-no-verify", !self.tls.isVerified), ("tls-ca-cert", self.tls.authorities != nil),
      ("tls-client-cert", self.tls.certificate != nil),
      ("tls-server-name", self.tls.serverName != nil),
    ]
    if !self.usesTLS, let first = given.first(where: \.isGiven) {
      throw ProbeUsageError("specified -\(first.name) without specifying -tls")
    }
    switch (self.tls.certificate, self.tls.key) {
    case (.some, nil):
      throw ProbeUsageError("specified -tls-client-cert without specifying -tls-client-key")
    case (nil, .some):
      throw ProbeUsageError("specified -tls-client-key without specifying -tls-client-cert")
    case (nil, nil), (.some, .some):
      break
    }
    guard !self.tls.isVerified else { return }
    if self.tls.authorities != nil {
      throw ProbeUsageError(
        "cannot specify -tls-ca-cert with -tls-no-verify (CA cert would not be used)")
    }
    if self.tls.serverName != nil {
      throw ProbeUsageError(
        "cannot specify -tls-server-name with -tls-no-verify (server name would not be used)")
    }
  }

  private static func text(_ value: String) -> String? { value.isEmpty ? nil : value }

  private static func boolean(_ value: String, _ flag: ProbeFlag) throws(ProbeUsageError) -> Bool {
    guard let boolean = GoFlags.boolean(value) else {
      throw ProbeUsageError("invalid boolean value \"\(value)\" for -\(flag.rawValue): parse error")
    }
    return boolean
  }

  private static func duration(
    _ value: String, _ flag: ProbeFlag
  ) throws(ProbeUsageError) -> GoDuration {
    guard let duration = GoDuration(parsing: value) else {
      throw ProbeUsageError(
        "invalid value \"\(value)\" for flag -\(flag.rawValue): parse error; give one such as 500ms"
      )
    }
    return duration
  }

  /// Sentences name the header alone: its value may be secret, and kubelets keep what probes say.
  private static func header(_ text: String) throws(ProbeUsageError) -> ProbeOptions.Header {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts[0].lowercased()
    guard parts.count == 2, !name.isEmpty, name.utf8.allSatisfy({ isNameByte($0) }) else {
      let shown = String(parts[0].prefix { !" =".contains($0) }).printable
      throw ProbeUsageError("invalid RPC header, expected 'key: value', got \"\(shown)\"")
    }
    guard parts[1].utf8.allSatisfy({ 0x20...0x7E ~= $0 }) else {
      throw ProbeUsageError("invalid RPC header, the value of \"\(name)\" is not printable ASCII")
    }
    return ProbeOptions.Header(name: name, value: String(parts[1].drop { $0 == " " }))
  }

  /// Of a metadata key as gRPC allows it, in lower case.
  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
      true
    default:
      false
    }
  }
}
