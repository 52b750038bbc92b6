import ArgumentParser
import FairleadBalancing
import FairleadKubernetes
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
  func client(
    place: ClientPlace, environment: [String: String], logger: Logger
  ) -> KubernetesClient {
    var options = KubernetesOptions(
      seed: RandomSource.systemSeed(), wallClock: { WallClock.system.now })
    options.logger = logger
    options.zone = place.zone
    options.nodeName = place.node
    let selection = CredentialSelection(
      context: context, kubeconfig: kubeconfig, environment: environment)
    return KubernetesClient(selection, options: options)
  }
}
