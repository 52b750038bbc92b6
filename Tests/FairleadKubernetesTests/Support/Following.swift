import FairleadDiscovery
import FairleadManifests
import Synchronization
import Testing

@testable import FairleadKubernetes

/// A client of the stand-in, by a kubeconfig.
func client(
  of api: StandInAPI, in folder: TemporaryFolder, options: KubernetesOptions = quickOptions(),
  user: String = "{}"
) throws -> KubernetesClient {
  let path = try folder.write(
    "config",
    """
    apiVersion: v1
    kind: Config
    current-context: test
    contexts: [{name: test, context: {cluster: test, user: test}}]
    clusters: [{name: test, cluster: {server: "\(api.url)"}}]
    users: [{name: test, user: \(user)}]
    """)
  return KubernetesClient(
    CredentialSelection(kubeconfig: path, environment: [:]), options: options)
}

/// Starts a stand-in for `body`, and checks that it was asked nothing that it should not be.
func withAPI(
  _ api: StandInAPI, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () async throws -> Void
) async throws {
  try await api.start()
  do {
    try await body()
  } catch {
    await api.stop()
    throw error
  }
  await api.stop()
  #expect(api.faults.isEmpty, sourceLocation: sourceLocation)
}

/// What a source has told, put together by a reader that judges it.
final class Following: Sendable {
  private struct State {
    var objects: [ManifestKind: [ObjectKey: ManifestObject]] = [:]
    var updates: [KubernetesUpdate] = []
    var faults: [String] = []
  }

  private let state = Mutex(State())

  var updates: [KubernetesUpdate] { state.withLock(\.updates) }
  /// What the source should not have told.
  var faults: [String] { state.withLock(\.faults) }
  var failures: [KubernetesFailure] { updates.compactMap(\.failure) }
  /// Whether all kinds were told once.
  var isWhole: Bool { state.withLock { $0.objects.count == ManifestKind.allCases.count } }

  /// The names of the objects of a kind; `nil` before it was told.
  func names(_ kind: ManifestKind) -> [String]? {
    state.withLock { $0.objects[kind]?.keys.map(\.name).sorted() }
  }

  func objects(_ kind: ManifestKind) -> [ManifestObject] {
    state.withLock { $0.objects[kind].map { Array($0.values) } ?? [] }
  }

  /// How many changes of a kind were told.
  func changes(_ kind: ManifestKind) -> Int {
    updates.flatMap(\.changes).filter { $0.kind == kind }.count
  }

  func take(_ update: KubernetesUpdate) {
    state.withLock { state in
      state.updates.append(update)
      for change in update.changes {
        switch change {
        case .replaceAll(let kind, let objects):
          if state.objects[kind] != nil { state.faults.append("\(kind) was told whole twice") }
          state.objects[kind] = Dictionary(
            objects.map { ($0.metadata.key, $0) }, uniquingKeysWith: { $1 })
        case .put(let object):
          if state.objects[object.kind] == nil { state.faults.append("\(object.kind) in parts") }
          state.objects[object.kind]?[object.metadata.key] = object
        case .remove(let kind, let key):
          if state.objects[kind]?.removeValue(forKey: key) == nil {
            state.faults.append("\(key) was removed and not there")
          }
        }
      }
    }
  }

  /// Runs a source during `body`, which may wait for what it tells.
  static func run(
    _ source: KubernetesSource, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: (Following) async throws -> Void
  ) async throws {
    let following = Following()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await source.run { following.take($0) } }
      defer { group.cancelAll() }
      try await body(following)
    }
    #expect(following.faults.isEmpty, sourceLocation: sourceLocation)
  }
}

extension ObjectChange {
  fileprivate var kind: ManifestKind {
    switch self {
    case .replaceAll(let kind, _), .remove(let kind, _): kind
    case .put(let object): object.kind
    }
  }
}
