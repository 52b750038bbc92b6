/// What TLS to etcd is made with: paths of PEM files, read anew for each connection, so that a renewed
/// certificate is taken without a restart.
public struct EtcdTLS: Sendable, Hashable {
  /// Who may have signed the servers' certificates; `nil` for those that the system trusts.
  public var caFile: String?
  /// What we show to servers that ask who we are; it goes with `keyFile`.
  public var certificateFile: String?
  public var keyFile: String?

  public init(caFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil) {
    self.caFile = caFile
    self.certificateFile = certificateFile
    self.keyFile = keyFile
  }
}
