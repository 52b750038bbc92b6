/// What `fairlead probe` was asked to do.
struct ProbeOptions: Sendable, Hashable {
  /// A pair of the request's metadata.
  struct Header: Sendable, Hashable {
    /// In lower case.
    var name: String
    var value: String
  }

  /// As given, for messages; see ``address``.
  var addressText = ""
  var address = ProbeAddress(candidates: [], authority: "")
  /// Empty for the server as a whole.
  var service = ""
  var connectTimeout = GoDuration(.seconds(1))
  var rpcTimeout = GoDuration(.seconds(1))
  var headers: [Header] = []
  var userAgent = "grpc_health_probe"
  var compresses = false
  /// Nil for plaintext.
  var tls: TLS?
  /// Nil to ask once.
  var watch: Watch?
  var isVerbose = false
  /// Arguments behind the flags, which `grpc_health_probe` does not look at.
  var ignored: [String] = []

  struct TLS: Sendable, Hashable {
    var authorities: String?
    /// Both or none.
    var certificate: String?
    var key: String?
    var isVerified = true
    var serverName: String?
  }

  struct Watch: Sendable, Hashable {
    /// Nil to go on for ever.
    var until: Goal?
    /// Nil for no limit.
    var limit: GoDuration?
  }

  /// The status that a watch may wait for.
  enum Goal: String, Sendable, Hashable, CaseIterable {
    case serving
    /// Any other answer of the server.
    case notServing = "not-serving"
  }
}

extension ProbeOptions {
  /// About what is not looked at; nil if there is nothing of the kind.
  var warning: String? {
    guard let first = self.ignored.first else { return nil }
    guard self.headers.isEmpty else {
      // It may be the value of a header, and a secret.
      return
        "warning: what is behind the flags is not looked at; a header with a space needs quotes"
    }
    return "warning: \"\(first)\" is no flag; it and what follows it are not looked at"
  }
}
