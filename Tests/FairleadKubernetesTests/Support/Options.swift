import FairleadBalancing
import Foundation

@testable import FairleadKubernetes

/// Options without jitter, in which nothing is waited for long.
func quickOptions() -> KubernetesOptions {
  var options = KubernetesOptions(seed: 1) { Date(timeIntervalSince1970: 1_800_000_000) }
  options.backoff = Backoff(
    initial: .milliseconds(5), multiplier: 2, jitter: 0, maximum: .milliseconds(40))
  options.missingInterval = .milliseconds(50)
  return options
}
