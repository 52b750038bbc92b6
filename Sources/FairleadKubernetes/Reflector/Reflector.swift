import AsyncHTTPClient
import FairleadManifests
import NIOCore

/// Follows the objects of one scope: lists them, then watches, and again, for as long as it runs.
/// What to do next is the ``ReflectorMachine``'s to say.
struct Reflector: Sendable {
  let session: KubernetesSession
  let scope: ResourceScope
  /// Called in order, by one task at a time.
  let tell: @Sendable (ReflectorNews) -> Void

  var options: KubernetesOptions { session.options }

  /// Until the task is cancelled.
  func run() async {
    var machine = ReflectorMachine(
      versions: scope.kind.versions, mayBeMissing: scope.kind.isCustomResource,
      times: ReflectorTimes(options), random: options.random)
    var step = machine.start()
    var pages = ListPages()
    while !Task.isCancelled {
      switch step {
      case .list(let query):
        step = await list(query, &pages, &machine)
      case .watch(let query):
        step = await watch(query, &machine)
      case .wait(let duration):
        // Cancelled: the loop ends.
        try? await options.clock.sleep(for: duration)
        step = machine.waited()
      }
    }
  }

  /// What was read of the list in progress.
  private struct ListPages {
    var objects: [WatchedObject] = []
    var bytes = 0
  }

  // MARK: Lists

  private func list(
    _ query: ReflectorMachine.ListQuery, _ pages: inout ListPages,
    _ machine: inout ReflectorMachine
  ) async -> ReflectorMachine.Step {
    if query.continuation == nil { pages = ListPages() }
    let budget = options.limits.list - pages.bytes
    let result = await withLimit(options.listTimeout) {
      await ListPage.read(query, scope: scope, session: session, budget: budget)
    }
    if Task.isCancelled { return .wait(.zero) }
    let outcome: ReflectorMachine.Outcome
    switch result ?? .failure(tooSlow) {
    case .success(let page):
      pages.objects += page.objects
      pages.bytes += page.bytes
      outcome = machine.listed(query, continuation: page.continuation, revision: page.revision)
    case .failure(let failure):
      outcome = machine.listFailed(query, failure)
    }
    if outcome.news == .synced {
      tell(.replaced(pages.objects, version: query.version))
      pages = ListPages()
    }
    tell(outcome.news)
    return outcome.step
  }

  private var tooSlow: KubernetesFailure {
    KubernetesFailure(
      .unreachable,
      "The API server did not list \(scope) within \(options.listTimeout); check that it is well.")
  }

  private func tell(_ news: ReflectorMachine.News?) {
    switch news {
    case .missing: tell(.missing)
    case .failed(let failure):
      options.logger.debug(
        "following objects of the API server failed",
        metadata: ["objects": "\(scope)", "reason": "\(failure)"])
      tell(.failed(failure))
    case .synced, nil: break
    }
  }

  // MARK: Watches

  private func watch(
    _ query: ReflectorMachine.WatchQuery, _ machine: inout ReflectorMachine
  ) async -> ReflectorMachine.Step {
    let start = options.now()
    let stream = WatchStream(query: query, scope: scope, session: session, tell: tell)
    // The machine goes into the task that reads and comes back from it.
    let before = machine
    let (after, end) = await withLimit(query.timeout + options.watchGrace) {
      var machine = before
      let end = await stream.run(&machine)
      return (machine, end)
    } onTimeout: { result in
      (result.0, .silent)
    }
    machine = after
    if Task.isCancelled { return .wait(.zero) }
    let outcome = machine.watchEnded(end, lasted: start.duration(to: options.now()))
    tell(outcome.news)
    return outcome.step
  }
}
