import FairleadBalancing

/// How etcd is reached, whoever asks it for what.
public struct EtcdOptions: Sendable {
  /// The servers of a target that names none: `HOST:PORT`, `http://HOST:PORT` or `https://HOST:PORT`.
  public var servers: [String] = []
  /// For servers named with `https://`, and for those named without a scheme if it is set.
  public var tls: EtcdTLS?
  /// `nil` for an etcd without authentication.
  public var user: EtcdUser?
  /// How long one request may take, connecting included.
  public var requestTimeout = Duration.seconds(5)
  /// After how long without a word from a server it is asked for a sign of life; 10 s at least, as
  /// etcd takes more frequent ones for abuse.
  public var keepaliveTime = Duration.seconds(10)
  /// How long that sign may take before the connection is given up.
  public var keepaliveTimeout = Duration.seconds(5)
  /// How often a watch without events is asked whether it is up to date, which renews the age of the
  /// answer.
  public var progressInterval = Duration.seconds(10)
  /// How long a server that failed is left alone.
  public var backoff = Backoff(initial: .milliseconds(100), maximum: .seconds(10))

  public init() {}
}
