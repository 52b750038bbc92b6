import FairleadManifests

/// What is known of the objects of one scope.
struct WatchRecord: Sendable {
  var isSynced = false
  var isMissing = false
  /// Every object that there is; `nil` for one that says nothing of where calls go, or was never valid.
  private(set) var objects: [ObjectKey: ManifestObject?] = [:]
  private(set) var findings: [ObjectKey: [Finding]] = [:]
  private var hasNewFindings = false
  var status: WatchStatus

  init(kind: ManifestKind) {
    status = WatchStatus(kind: kind)
  }

  mutating func didSucceed() {
    status.failure = nil
  }

  /// What a list changes: the objects that are gone from it are gone.
  mutating func replace(with listed: [WatchedObject]) -> [ObjectChange] {
    let present = Set(listed.map(\.key))
    let gone = objects.keys.filter { !present.contains($0) }
    return listed.compactMap { put($0) }
      + gone.compactMap { remove($0) }
  }

  mutating func take(_ change: ReflectorChange) -> ObjectChange? {
    switch change {
    case .put(let object): put(object)
    case .removed(let key): remove(key)
    }
  }

  private mutating func put(_ new: WatchedObject) -> ObjectChange? {
    set(new.findings, of: new.key)
    let old = objects[new.key] ?? nil
    // What it was before still counts.
    if new.isInvalid {
      objects[new.key] = .some(old)
      return nil
    }
    objects[new.key] = .some(new.object)
    guard new.object != old else { return nil }
    return new.object.map(ObjectChange.put) ?? .remove(status.kind, new.key)
  }

  private mutating func remove(_ key: ObjectKey) -> ObjectChange? {
    set([], of: key)
    guard let known = objects.removeValue(forKey: key), known != nil else { return nil }
    return .remove(status.kind, key)
  }

  private mutating func set(_ new: [Finding], of key: ObjectKey) {
    let old = findings.removeValue(forKey: key) ?? []
    if !new.isEmpty { findings[key] = new }
    hasNewFindings = hasNewFindings || new != old
  }

  /// Whether findings are others than when this was asked last.
  mutating func takeHasNewFindings() -> Bool {
    defer { hasNewFindings = false }
    return hasNewFindings
  }
}
