import FairleadManifests
import Synchronization

/// The objects of a cluster that decide where calls go, followed as they change.
///
/// An outage of the API takes nothing away. A kind that the cluster does not have is no failure, and is
/// looked for again. Safe to use from any thread.
package final class KubernetesSource: Sendable {
  private let client: KubernetesClient
  private let scopes: [ResourceScope]
  private let state: Mutex<WatchLedger>

  /// - Parameter namespaces: those that are watched; none for all.
  package init(client: KubernetesClient, namespaces: [String] = []) {
    self.client = client
    let named: [String?] = namespaces.isEmpty ? [nil] : Set(namespaces).sorted()
    scopes = ManifestKind.allCases.flatMap { kind in
      named.map { namespace in
        // Of pods their labels are wanted: EndpointSlices say the rest.
        ResourceScope(kind, namespace: namespace, isMetadataOnly: kind == .pod)
      }
    }
    state = Mutex(WatchLedger(scopes: scopes))
  }

  /// How far each kind is followed, in the order of ``ManifestKind``.
  package var statuses: [WatchStatus] { state.withLock(\.statuses) }

  /// Follows the cluster until the task is cancelled.
  ///
  /// - Parameter tell: called with everything that is new, in order, by one task at a time.
  package func run(_ tell: @escaping @Sendable (KubernetesUpdate) -> Void) async {
    let (updates, continuation) = AsyncStream<KubernetesUpdate>.makeStream()
    await client.withSession { session in
      await withTaskGroup(of: Void.self) { group in
        group.addTask { for await update in updates { tell(update) } }
        for scope in self.scopes {
          let reflector = Reflector(session: session, scope: scope) { news in
            self.take(news, of: scope, continuation)
          }
          group.addTask { await reflector.run() }
        }
      }
    }
  }

  /// Handed on under the lock, so that what two watches bring stays in one order; a stream takes it without calling
  /// anybody.
  private func take(
    _ news: ReflectorNews, of scope: ResourceScope,
    _ updates: AsyncStream<KubernetesUpdate>.Continuation
  ) {
    let now = client.options.now()
    state.withLock { ledger in
      guard let update = ledger.take(news, of: scope, at: now) else { return }
      updates.yield(update)
    }
  }
}
