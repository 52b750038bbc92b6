/// A program that makes credentials, as a kubeconfig's `exec` names it
/// (`client.authentication.k8s.io/v1` and `v1beta1`).
package struct ExecPlugin: Sendable, Hashable {
  package var apiVersion: String
  package var command: String
  package var arguments: [String]
  /// Added to our own environment; may hold secrets, and so does not print.
  package var environment: [Variable]
  /// What to say when the command is not there.
  package var installHint: String?
  /// What `KUBERNETES_EXEC_INFO` tells it of the cluster; `nil` for nothing.
  package var cluster: ClusterInfo?

  package init(
    apiVersion: String, command: String, arguments: [String] = [], environment: [Variable] = [],
    installHint: String? = nil, cluster: ClusterInfo? = nil
  ) {
    self.apiVersion = apiVersion
    self.command = command
    self.arguments = arguments
    self.environment = environment
    self.installHint = installHint
    self.cluster = cluster
  }

  package struct Variable: Sendable, Hashable {
    package var name: String
    package var value: Secret

    package init(name: String, value: Secret) {
      self.name = name
      self.value = value
    }
  }

  /// `ExecCredentialSpec.cluster`.
  package struct ClusterInfo: Sendable, Hashable, Encodable {
    package var server: String
    package var tlsServerName: String?
    package var insecureSkipTLSVerify: Bool?
    package var authorities: String?
    package var proxyURL: String?

    enum CodingKeys: String, CodingKey {
      case server
      case tlsServerName = "tls-server-name"
      case insecureSkipTLSVerify = "insecure-skip-tls-verify"
      case authorities = "certificate-authority-data"
      case proxyURL = "proxy-url"
    }
  }

  static let knownVersions = [
    "client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1",
  ]
}
