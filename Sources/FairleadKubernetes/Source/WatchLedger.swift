import FairleadManifests

/// What each watch has brought so far, and what of it is news. Knows no clock and no reader.
struct WatchLedger: Sendable {
  private var records: [ResourceScope: WatchRecord] = [:]
  /// Kinds that were told whole.
  private var told = Set<ManifestKind>()

  private let scopes: [ResourceScope]

  init(scopes: [ResourceScope]) {
    self.scopes = scopes
    for scope in scopes {
      records[scope] = WatchRecord(kind: scope.kind)
    }
  }

  /// `nil` if there is nothing to tell.
  mutating func take(
    _ news: ReflectorNews, of scope: ResourceScope, at time: ContinuousClock.Instant
  ) -> KubernetesUpdate? {
    guard var record = records.removeValue(forKey: scope) else { return nil }
    let wasFailing = record.status.failure != nil
    var changes: [ObjectChange] = []
    var failure: KubernetesFailure?
    switch news {
    case .replaced(let objects, _):
      record.status.lists += 1
      record.didSucceed()
      changes = record.replace(with: objects)
      record.isSynced = true
      record.isMissing = false
    case .missing:
      record.didSucceed()
      // Who removes a kind removes its objects first, and a watch tells. What answers "not found" for objects that are
      // known is not the API server.
      if !record.isSynced { changes = record.replace(with: []) }
      record.isSynced = true
      record.isMissing = true
    case .changed(let events):
      record.status.events += events.count
      record.didSucceed()
      changes = events.compactMap { record.take($0) }
    case .failed(let new):
      record.status.failures += 1
      // What stops one watch mostly stops all: it is told once.
      let isKnown =
        record.status.failure == new || records.values.contains { $0.status.failure == new }
      record.status.failure = new
      if !isKnown { failure = new }
    case .watching:
      record.status.open += 1
      record.didSucceed()
    case .ended:
      record.status.open -= 1
    }
    let hasNewFindings = record.takeHasNewFindings()
    records[scope] = record
    let told = tell(changes, of: scope.kind)
    let hasRecovered = wasFailing && records.values.allSatisfy { $0.status.failure == nil }
    guard !told.isEmpty || hasNewFindings || failure != nil || hasRecovered else { return nil }
    return KubernetesUpdate(
      changes: told, findings: hasNewFindings ? allFindings : nil, failure: failure,
      hasRecovered: hasRecovered, arrivedAt: time)
  }

  /// The changes as they are told: all objects of the kind the first time, when every scope of it has
  /// been listed, and nothing before that.
  private mutating func tell(_ changes: [ObjectChange], of kind: ManifestKind) -> [ObjectChange] {
    guard !told.contains(kind) else { return changes }
    let own = scopes.filter { $0.kind == kind }.compactMap { records[$0] }
    guard own.allSatisfy(\.isSynced) else { return [] }
    told.insert(kind)
    return [.replaceAll(kind, own.flatMap { $0.objects.values.compactMap(\.self) })]
  }

  private var allFindings: [Finding] {
    scopes.flatMap { records[$0]?.findings.values.flatMap(\.self) ?? [] }.sorted()
  }

  /// One for each kind, the scopes of a kind put together.
  var statuses: [WatchStatus] {
    ManifestKind.allCases.compactMap { kind in
      let own = scopes.filter { $0.kind == kind }.compactMap { records[$0] }
      guard !own.isEmpty else { return nil }
      var status = WatchStatus(kind: kind)
      status.isSynced = own.allSatisfy(\.isSynced)
      status.isMissing = own.allSatisfy(\.isMissing)
      for record in own {
        status.objects += record.objects.count
        status.open += record.status.open
        status.events += record.status.events
        status.lists += record.status.lists
        status.failures += record.status.failures
        status.failure = status.failure ?? record.status.failure
      }
      return status
    }
  }
}
