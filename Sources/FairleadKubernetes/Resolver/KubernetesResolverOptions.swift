import FairleadBalancing
import Foundation
import Logging

/// How the scheme `kubernetes` reaches its cluster, for a Swift client.
///
/// Credentials are those of the first that there is: the kubeconfig named here, or by `KUBECONFIG`;
/// the service account of the pod that this process is in; `~/.kube/config`. They need the verbs
/// `list` and `watch` on `endpointslices` (`discovery.k8s.io`), `services` and `pods`. Renewed
/// credentials are used without a restart.
public struct KubernetesResolverOptions: Sendable {
  /// A kubeconfig, before all others; `nil` by default.
  public var kubeconfig: String?
  /// A context of the kubeconfig; `nil`, the default, for its current one.
  public var context: String?
  /// Where `KUBECONFIG`, `HOME`, `KUBERNETES_SERVICE_HOST` and `KUBERNETES_SERVICE_PORT` are looked up,
  /// and what exec plugins are started with.
  public var environment: [String: String]
  /// The zone that this process runs in, for the zone hints of EndpointSlices; by default what
  /// `FAIRLEAD_ZONE` says. `nil`: endpoints of all zones are used alike.
  public var zone: String?
  /// The node that this process runs on, for the node hints of EndpointSlices; by default what
  /// `NODE_NAME` says.
  public var nodeName: String?
  /// Is told of trouble with the API server. Nobody is, by default.
  public var logger: Logger
  /// Between two attempts after a failure: 200 ms at first, 15 s at last.
  public var backoff: Backoff
  /// Of everything random: jitter. Another one for each by default.
  public var seed: UInt64
  /// The time of day, which tells when an exec plugin's credentials expire.
  public var wallClock: @Sendable () -> Date

  /// - Parameter environment: the variables of this process by default.
  public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.environment = environment
    zone = environment["FAIRLEAD_ZONE"].flatMap { $0.isEmpty ? nil : $0 }
    nodeName = environment["NODE_NAME"].flatMap { $0.isEmpty ? nil : $0 }
    seed = RandomSource.systemSeed()
    wallClock = { .now }
    let usual = KubernetesOptions(seed: seed, wallClock: wallClock)
    logger = usual.logger
    backoff = usual.backoff
  }

  /// Reads nothing yet.
  var client: KubernetesClient {
    var options = KubernetesOptions(seed: seed, wallClock: wallClock)
    options.logger = logger
    options.backoff = backoff
    options.zone = zone
    options.nodeName = nodeName
    return KubernetesClient(
      CredentialSelection(context: context, kubeconfig: kubeconfig, environment: environment),
      options: options)
  }
}
