import FairleadDiscovery
import FairleadManifests
import Synchronization

/// The endpoints of one Service: the union of its EndpointSlices, with labels and weights of the pods behind
/// them.
struct ServiceEndpoints: EndpointSource {
  let target: KubernetesTarget
  let client: KubernetesClient
  /// After a change, how long the rest of it is waited for: an endpoint that moves between slices leaves one
  /// before it is in the other.
  static let settleTime = Duration.milliseconds(10)

  func watch(_ feed: ResolutionFeed, hints: ResolverHints) async {
    let namespace: String
    do throws(KubernetesFailure) {
      let own = try client.access().namespace
      namespace = target.namespace ?? own
    } catch {
      return await report(error, feed, hints)
    }
    let (wakeUps, wakeUp) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let view = SharedView(target, namespace: namespace, options: client.options)
    await client.withSession { session in
      await withTaskGroup(of: Void.self) { group in
        for scope in scopes(namespace) {
          let reflector = Reflector(session: session, scope: scope) { news in
            if view.take(news, of: scope.kind) { wakeUp.yield() }
          }
          group.addTask { await reflector.run() }
        }
        group.addTask { await tell(view, feed, wakeUps) }
      }
    }
  }

  private func scopes(_ namespace: String) -> [ResourceScope] {
    [
      ResourceScope(
        .endpointSlice, namespace: namespace,
        labelSelector: "kubernetes.io/service-name=\(target.service)"),
      ResourceScope(
        .service, namespace: namespace, fieldSelector: "metadata.name=\(target.service)"),
      ResourceScope(.pod, namespace: namespace, isMetadataOnly: true),
    ]
  }

  private func tell(
    _ view: SharedView, _ feed: ResolutionFeed, _ wakeUps: AsyncStream<Void>
  ) async {
    for await _ in wakeUps {
      // Cancelled: the loop ends.
      try? await client.options.clock.sleep(for: Self.settleTime)
      switch view.word {
      case .answer(let endpoints, let failure): feed.answered(endpoints, beside: failure)
      case .failure(let failure): feed.failed(failure)
      case nil: break
      }
    }
  }

  /// There are no usable credentials; a file may come, or be mended.
  private func report(
    _ failure: KubernetesFailure, _ feed: ResolutionFeed, _ hints: ResolverHints
  ) async {
    var failure = failure
    while !Task.isCancelled {
      feed.failed(ResolutionFailure(.denied, failure.message))
      _ = await hints.wait(upTo: client.options.backoff.maximum)
      do throws(KubernetesFailure) {
        _ = try client.access()
        return await watch(feed, hints: hints)
      } catch {
        failure = error
      }
    }
  }
}

/// A view that several watches fill.
private final class SharedView: Sendable {
  private let view: Mutex<ServiceView>

  init(_ target: KubernetesTarget, namespace: String, options: KubernetesOptions) {
    var view = ServiceView(target, namespace: namespace)
    view.zone = options.zone
    view.nodeName = options.nodeName
    self.view = Mutex(view)
  }

  func take(_ news: ReflectorNews, of kind: ManifestKind) -> Bool {
    view.withLock { $0.take(news, of: kind) }
  }

  var word: ServiceView.Word? { view.withLock(\.word) }
}
