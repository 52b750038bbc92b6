import FairleadDiscovery

extension EtcdOptions {
  /// Options as the variables of `etcdctl` say: `ETCDCTL_ENDPOINTS`, `ETCDCTL_CACERT`, `ETCDCTL_CERT`,
  /// `ETCDCTL_KEY`, `ETCDCTL_USER` (`NAME:PASSWORD`) and `ETCDCTL_PASSWORD`. One that is empty counts
  /// as not set.
  ///
  /// - Throws: one sentence that names the variable that is wrong.
  public init(environment: [String: String]) throws(ResolutionFailure) {
    func value(_ name: String) -> String? {
      environment["ETCDCTL_" + name].flatMap { $0.isEmpty ? nil : $0 }
    }
    self.init()
    servers = value("ENDPOINTS")?.split(separator: ",").map(String.init) ?? []
    for server in servers where EtcdServer(server, hasTLS: false) == nil {
      throw ResolutionFailure(
        .malformed,
        "ETCDCTL_ENDPOINTS names \"\(server)\", which is no server; write HOST:PORT or "
          + "https://HOST:PORT, with commas between several.")
    }
    guard (value("CERT") == nil) == (value("KEY") == nil) else {
      throw ResolutionFailure(
        .malformed,
        "Of ETCDCTL_CERT and ETCDCTL_KEY only one is set; a client certificate needs both.")
    }
    if value("CACERT") != nil || value("CERT") != nil {
      tls = EtcdTLS(
        caFile: value("CACERT"), certificateFile: value("CERT"), keyFile: value("KEY"))
    }
    user = try Self.user(value("USER"), password: value("PASSWORD"))
  }

  private static func user(
    _ text: String?, password: String?
  ) throws(ResolutionFailure) -> EtcdUser? {
    guard let text else { return nil }
    if let password { return EtcdUser(name: text, password: password) }
    guard let colon = text.firstIndex(of: ":") else {
      throw ResolutionFailure(
        .malformed,
        "ETCDCTL_USER has no password; write NAME:PASSWORD, or set ETCDCTL_PASSWORD as well.")
    }
    return EtcdUser(
      name: String(text[..<colon]), password: String(text[text.index(after: colon)...]))
  }
}
