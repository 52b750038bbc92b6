/// The flags of `fairlead probe`: those of `grpc_health_probe`, and ours.
enum ProbeFlag: String, Sendable, CaseIterable {
  case addr
  case service
  case connectTimeout = "connect-timeout"
  case rpcTimeout = "rpc-timeout"
  case rpcHeader = "rpc-header"
  case userAgent = "user-agent"
  case gzip
  case tls
  case tlsCACert = "tls-ca-cert"
  case tlsClientCert = "tls-client-cert"
  case tlsClientKey = "tls-client-key"
  case tlsNoVerify = "tls-no-verify"
  case tlsServerName = "tls-server-name"
  case alts
  case spiffe
  case watch
  case until
  case within
  case verbose = "v"
  case verboseInFull = "verbose"
  case version
  case help
  case helpInShort = "h"

  /// What the help shows for its value; nil for a switch.
  var valueName: String? {
    switch self {
    case .addr: "host:port"
    case .service, .userAgent, .tlsServerName: "name"
    case .connectTimeout, .rpcTimeout, .within: "duration"
    case .rpcHeader: "name: value"
    case .tlsCACert, .tlsClientCert, .tlsClientKey: "file"
    case .until: "status"
    case .gzip, .tls, .tlsNoVerify, .alts, .spiffe, .watch, .verbose, .verboseInFull, .version,
      .help, .helpInShort:
      nil
    }
  }

  /// What it takes.
  var kind: GoFlags.Kind { self.valueName == nil ? .toggle : .value }

  /// What the help says about it; nil for one that has another name.
  var summary: String? {
    switch self {
    case .addr: "Where to connect: :8080 on this host, unix:/run/app.sock for a socket."
    case .service: "The service to ask for; without it, the server as a whole."
    case .connectTimeout: "How long to try to connect. (default: 1s)"
    case .rpcTimeout: "How long the answer may take. (default: 1s)"
    case .rpcHeader: "Metadata to send; may be given more than once."
    case .userAgent: "The user-agent to send. (default: grpc_health_probe)"
    case .gzip: "Compress the request, and take a compressed answer."
    case .tls: "Connect with TLS; without it, plaintext."
    case .tlsCACert: "Who may have signed the server's certificate, in PEM."
    case .tlsClientCert: "Our certificate, in PEM; needs -tls-client-key."
    case .tlsClientKey: "Our certificate's key, in PEM."
    case .tlsNoVerify: "Believe any certificate of the server."
    case .tlsServerName: "The name that the server's certificate must have."
    case .alts, .spiffe: "Known, but refused: use -tls."
    case .watch: "Print each change of the status, and live on."
    case .until: "With -watch: end at this status, serving or not-serving."
    case .within: "With -until: how long to wait; without it, for ever."
    case .verbose: "Say what is done and how long it takes; also -verbose."
    case .version: "Show the version."
    case .help: "Show help information; also -h."
    case .verboseInFull, .helpInShort: nil
    }
  }
}
