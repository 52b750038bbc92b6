/// Where credentials are looked for: a kubeconfig that was named, else the pod's service account,
/// else the kubeconfig in the home folder.
package struct CredentialSelection: Sendable {
  /// `nil` for the kubeconfig's current one.
  package var context: String?
  /// A file; `nil` for what `KUBECONFIG` says, which is a list with colons.
  package var kubeconfig: String?
  package var environment: [String: String]
  /// Where a pod's service account is mounted.
  package var serviceAccountFolder: String

  package init(
    context: String? = nil, kubeconfig: String? = nil, environment: [String: String]
  ) {
    self.context = context
    self.kubeconfig = kubeconfig
    self.environment = environment
    serviceAccountFolder = ServiceAccount.folder
  }

  /// Reads the files.
  package func load() throws(KubernetesFailure) -> ClusterAccess {
    if let paths = namedPaths {
      return try Kubeconfig(paths: paths).access(context: context)
    }
    if context == nil,
      let access = try ServiceAccount.access(
        environment: environment, folder: serviceAccountFolder)
    {
      return access
    }
    guard let home = environment["HOME"], !home.isEmpty else {
      throw KubernetesFailure(
        .credentials,
        "There are no credentials for Kubernetes: KUBECONFIG and HOME are not set, and this is no "
          + "pod; set KUBECONFIG to a kubeconfig.")
    }
    return try Kubeconfig(paths: ["\(home)/.kube/config"]).access(context: context)
  }

  private var namedPaths: [String]? {
    if let kubeconfig { return [kubeconfig] }
    let list = (environment["KUBECONFIG"] ?? "").split(separator: ":").map(String.init)
    return list.isEmpty ? nil : list
  }
}
