import Foundation

extension Kubeconfig {
  /// What a user is known by beside a certificate. A token has precedence over a plugin, as for
  /// kubectl.
  func authentication(
    of user: Placed<KubeconfigFile.User>?, cluster: Placed<KubeconfigFile.Cluster>,
    trust: ClusterAccess.ServerTrust, context: String
  ) throws(KubernetesFailure) -> ClusterAccess.Authentication {
    guard let user else { return .none }
    let entry = user.entry
    if let path = nonEmpty(entry.tokenFile) { return .tokenFile(user.resolve(path)) }
    if let token = nonEmpty(entry.token) { return .token(Secret(token)) }
    if let name = nonEmpty(entry.username) {
      return .basic(user: name, password: Secret(entry.password ?? ""))
    }
    if let exec = entry.exec {
      return .exec(
        try plugin(exec, of: user, cluster: cluster.entry, trust: trust, context: context))
    }
    if let provider = entry.authProvider {
      throw failure(
        "uses the auth-provider \"\(provider.name ?? "")\", which kubectl does not know any more "
          + "either; use an exec plugin", context: context)
    }
    return .none
  }

  private func plugin(
    _ exec: KubeconfigFile.Exec, of user: Placed<KubeconfigFile.User>,
    cluster: KubeconfigFile.Cluster, trust: ClusterAccess.ServerTrust, context: String
  ) throws(KubernetesFailure) -> ExecPlugin {
    let version = exec.apiVersion ?? ""
    guard ExecPlugin.knownVersions.contains(version) else {
      throw failure(
        "has an exec plugin with apiVersion \"\(version)\"; use \(ExecPlugin.knownVersions[0])",
        context: context)
    }
    guard !exec.command.isEmpty else {
      throw failure("has an exec plugin without a command", context: context)
    }
    guard exec.interactiveMode != "Always" else {
      throw failure(
        "has an exec plugin that always asks at a terminal, and there is none; use one with "
          + "interactiveMode Never or IfAvailable", context: context)
    }
    let info = ExecPlugin.ClusterInfo(
      server: cluster.server, tlsServerName: cluster.tlsServerName,
      insecureSkipTLSVerify: cluster.insecureSkipTLSVerify,
      authorities: trust.authorities.map { Data($0).base64EncodedString() },
      proxyURL: cluster.proxyURL)
    return ExecPlugin(
      apiVersion: version,
      command: exec.command.contains("/") ? user.resolve(exec.command) : exec.command,
      arguments: exec.args ?? [],
      environment: (exec.env ?? []).map {
        ExecPlugin.Variable(name: $0.name, value: Secret($0.value))
      },
      installHint: exec.installHint, cluster: exec.provideClusterInfo == true ? info : nil)
  }
}
