import Foundation

extension Kubeconfig {
  /// How to reach the cluster of a context.
  ///
  /// - Parameter wanted: a context's name; `nil` for the current one.
  func access(context wanted: String? = nil) throws(KubernetesFailure) -> ClusterAccess {
    guard let name = wanted ?? currentContext else {
      throw KubernetesFailure(
        .credentials,
        "The kubeconfig \(source) has no current-context; name one of its contexts: \(contextList)."
      )
    }
    guard let context = contexts[name] else {
      throw KubernetesFailure(
        .credentials,
        "The kubeconfig \(source) has no context \"\(name)\"; name one of: \(contextList).")
    }
    guard let cluster = clusters[context.cluster] else {
      throw failure("names the cluster \"\(context.cluster)\", which is not there", context: name)
    }
    guard let server = ServerAddress(url: cluster.entry.server) else {
      throw failure(
        "has a cluster whose server \"\(cluster.entry.server)\" is no http or https URL",
        context: name)
    }
    let user = try user(of: context, named: name)
    let trust = try trust(in: cluster, context: name)
    return ClusterAccess(
      server: server, trust: trust,
      authentication: try authentication(of: user, cluster: cluster, trust: trust, context: name),
      certificate: try certificate(of: user, context: name),
      proxy: try proxy(of: cluster.entry, context: name),
      namespace: context.namespace.flatMap { $0.isEmpty ? nil : $0 } ?? "default",
      source: "\(source), context \"\(name)\"")
  }

  private var contextList: String {
    contexts.isEmpty ? "it has none" : contexts.keys.sorted().joined(separator: ", ")
  }

  func failure(_ what: String, context: String) -> KubernetesFailure {
    KubernetesFailure(
      .credentials, "The context \"\(context)\" of the kubeconfig \(source) \(what).")
  }

  private func user(
    of context: Context, named name: String
  ) throws(KubernetesFailure) -> Placed<KubeconfigFile.User>? {
    guard let userName = context.user, !userName.isEmpty else { return nil }
    guard let user = users[userName] else {
      throw failure("names the user \"\(userName)\", which is not there", context: name)
    }
    return user
  }

  private func trust(
    in cluster: Placed<KubeconfigFile.Cluster>, context: String
  ) throws(KubernetesFailure) -> ClusterAccess.ServerTrust {
    var trust = ClusterAccess.ServerTrust()
    trust.serverName = cluster.entry.tlsServerName.flatMap { $0.isEmpty ? nil : $0 }
    trust.isVerified = cluster.entry.insecureSkipTLSVerify != true
    let data = try decode(
      cluster.entry.authorityData, "certificate-authority-data", context: context)
    if let data {
      trust.authorities = data
      trust.authoritiesSource = "certificate-authority-data in \(cluster.file)"
    } else if let path = nonEmpty(cluster.entry.authorityFile) {
      let path = cluster.resolve(path)
      trust.authorities = try CredentialFile.read(path, for: "certificate-authority")
      trust.authoritiesSource = path
    }
    return trust
  }

  private func certificate(
    of user: Placed<KubeconfigFile.User>?, context: String
  ) throws(KubernetesFailure) -> ClusterAccess.ClientCertificate? {
    guard let user else { return nil }
    let chain = try material(
      user, user.entry.certificateData, user.entry.certificateFile, "client-certificate", context)
    let key = try material(user, user.entry.keyData, user.entry.keyFile, "client-key", context)
    switch (chain, key) {
    case (nil, nil): return nil
    case (let chain?, let key?): return ClusterAccess.ClientCertificate(chain: chain, key: key)
    case (.some, nil), (nil, .some):
      throw failure(
        "has a user with only one of client-certificate and client-key; give both", context: context
      )
    }
  }

  private func material(
    _ user: Placed<KubeconfigFile.User>, _ data: String?, _ file: String?, _ field: String,
    _ context: String
  ) throws(KubernetesFailure) -> Secret? {
    if let bytes = try decode(data, "\(field)-data", context: context) {
      return Secret(String(decoding: bytes, as: UTF8.self))
    }
    guard let path = nonEmpty(file) else { return nil }
    let bytes = try CredentialFile.read(user.resolve(path), for: field)
    return Secret(String(decoding: bytes, as: UTF8.self))
  }

  private func decode(
    _ text: String?, _ field: String, context: String
  ) throws(KubernetesFailure) -> [UInt8]? {
    guard let text = nonEmpty(text) else { return nil }
    guard let data = Data(base64Encoded: text, options: .ignoreUnknownCharacters) else {
      throw failure("has \(field) that is not base64", context: context)
    }
    return [UInt8](data)
  }

  func nonEmpty(_ text: String?) -> String? {
    text.flatMap { $0.isEmpty ? nil : $0 }
  }

  private func proxy(
    of cluster: KubeconfigFile.Cluster, context: String
  ) throws(KubernetesFailure) -> ClusterAccess.ProxyAddress? {
    guard let text = nonEmpty(cluster.proxyURL) else { return nil }
    guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty,
      parts.user == nil
    else {
      throw failure("has a proxy-url that is no URL without a user", context: context)
    }
    switch parts.scheme {
    case "http":
      return ClusterAccess.ProxyAddress(host: host, port: parts.port ?? 80)
    case "socks5":
      return ClusterAccess.ProxyAddress(host: host, port: parts.port ?? 1080, isSOCKS: true)
    default:
      throw failure(
        "has a proxy-url that begins with neither http:// nor socks5://", context: context)
    }
  }
}
