import ArgumentParser
import FairleadKubernetes
import Foundation
import Logging

/// How a command reaches Kubernetes.
struct KubernetesOptionGroup: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A context of the kubeconfig, instead of its current one.", valueName: "name"))
  var context: String?

  @Option(
    help: ArgumentHelp(
      "The kubeconfig, instead of what KUBECONFIG names, a pod's service account, or ~/.kube/config.",
      valueName: "path"))
  var kubeconfig: String?

  /// Reads nothing yet.
  func client(logger: Logger, zone: String? = nil, node: String? = nil) -> KubernetesClient {
    let environment = ProcessInfo.processInfo.environment
    var options = KubernetesOptions(seed: randomSeed(), wallClock: { WallClock.system.now })
    options.logger = logger
    options.zone = zone
    options.nodeName = node
    let selection = CredentialSelection(
      context: context, kubeconfig: kubeconfig, environment: environment)
    return KubernetesClient(selection, options: options)
  }
}
