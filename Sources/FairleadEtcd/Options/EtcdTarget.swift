import FairleadDiscovery

/// What an `etcd:` target names: keys under a prefix, and the servers that have them.
struct EtcdTarget: Sendable, Hashable {
  /// Each once, in the order in which they were named.
  let servers: [EtcdServer]
  /// With the slash at its end that stands before the last part of each key.
  let prefix: String

  /// - Throws: one sentence that says what to write.
  init(_ target: Target, _ options: EtcdOptions) throws(ResolutionFailure) {
    guard !target.authority.contains("@") else {
      // Not quoted: it would show the password.
      throw ResolutionFailure(
        .malformed,
        "The etcd target \(target.path) has a user before its servers; leave it out and set "
          + "ETCDCTL_USER or the option for the user.")
    }
    var name = target.endpoint[...]
    if name.hasSuffix("/") { name = name.dropLast() }
    guard !name.isEmpty else {
      throw Target.malformed(
        target.description,
        "its prefix is empty, which would be every key of etcd; write etcd://HOST:PORT/PREFIX")
    }
    prefix = name + "/"
    servers = try Self.servers(target, options)
  }

  private static func servers(
    _ target: Target, _ options: EtcdOptions
  ) throws(ResolutionFailure) -> [EtcdServer] {
    let named = target.authority.split(separator: ",", omittingEmptySubsequences: false)
    let texts = target.authority.isEmpty ? options.servers : named.map(String.init)
    guard !texts.isEmpty else {
      throw Target.malformed(
        target.description,
        "it names no server; write etcd://HOST:PORT\(target.path), or set ETCDCTL_ENDPOINTS")
    }
    var servers: [EtcdServer] = []
    for text in texts {
      guard let server = EtcdServer(text, hasTLS: options.tls != nil) else {
        throw Target.malformed(
          target.description,
          "\"\(text)\" is no server; write HOST:PORT, with commas between several")
      }
      if !servers.contains(server) { servers.append(server) }
    }
    return servers
  }
}
