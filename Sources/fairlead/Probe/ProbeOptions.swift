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
