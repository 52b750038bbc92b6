/// The credentials that every pod has: its service account's.
enum ServiceAccount {
  static let folder = "/var/run/secrets/kubernetes.io/serviceaccount"

  /// `nil` outside of a cluster: without the variables that a pod has.
  ///
  /// - Parameter folder: where the token, the authority and the namespace are.
  static func access(
    environment: [String: String], folder: String = folder
  ) throws(KubernetesFailure) -> ClusterAccess? {
    guard let host = environment["KUBERNETES_SERVICE_HOST"], !host.isEmpty else { return nil }
    let text = environment["KUBERNETES_SERVICE_PORT"] ?? ""
    guard let port = Int(text), (1...65535).contains(port) else {
      throw KubernetesFailure(
        .credentials,
        "KUBERNETES_SERVICE_PORT is \"\(text)\" and must be a port; unset KUBERNETES_SERVICE_HOST "
          + "to run outside of a cluster.")
    }
    let authority = "\(folder)/ca.crt"
    // Looked at now, so that a pod without a token is told at once; read again for each request.
    _ = try token(folder: folder)
    return ClusterAccess(
      server: ServerAddress(host: host.trimmingBrackets, port: port),
      trust: ClusterAccess.ServerTrust(
        authorities: try CredentialFile.read(authority, for: "the API server's authority"),
        authoritiesSource: authority),
      authentication: .tokenFile("\(folder)/token"),
      namespace: namespace(folder: folder),
      source: "the service account in \(folder)")
  }

  private static func token(folder: String) throws(KubernetesFailure) -> Secret {
    do throws(KubernetesFailure) {
      return try CredentialFile.readToken("\(folder)/token", for: "the service account's token")
    } catch {
      throw KubernetesFailure(
        .credentials,
        "\(error.message.dropLast()); does the pod have automountServiceAccountToken: false?")
    }
  }

  private static func namespace(folder: String) -> String {
    let file = try? CredentialFile.readToken("\(folder)/namespace", for: "the namespace")
    return file?.value ?? "default"
  }
}

extension String {
  fileprivate var trimmingBrackets: String {
    hasPrefix("[") && hasSuffix("]") ? String(dropFirst().dropLast()) : self
  }
}
