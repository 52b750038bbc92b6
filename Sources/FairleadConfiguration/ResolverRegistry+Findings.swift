import FairleadDiscovery
import FairleadManifests

extension ResolverRegistry {
  /// Errors about targets that objects name and that no resolver can be made for.
  package func findings(of store: ObjectStore) -> [Finding] {
    let named =
      store.services.values.map { ($0.balancing.target, $0.metadata.origin) }
      + store.serviceEntries.values.map { ($0.balancing.target, $0.metadata.origin) }
    return named.compactMap { target, origin in
      guard let target, let failure = failure(of: target) else { return nil }
      return Finding(.error, .invalidValue, failure.message, at: origin)
    }.sorted()
  }

  private func failure(of target: String) -> ResolutionFailure? {
    do throws(ResolutionFailure) {
      _ = try resolver(for: try self.target(target), options: DiscoveryOptions(seed: 0))
      return nil
    } catch {
      return error
    }
  }
}
