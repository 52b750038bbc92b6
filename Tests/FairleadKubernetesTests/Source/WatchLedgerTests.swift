import FairleadManifests
import Testing

@testable import FairleadKubernetes

private let now = ContinuousClock.now

/// A ledger that is told objects.
private struct Ledger {
  let shop = ResourceScope(.service, namespace: "shop")
  let bank = ResourceScope(.service, namespace: "bank")
  let pods = ResourceScope(.pod, isMetadataOnly: true)
  var ledger: WatchLedger

  init() {
    ledger = WatchLedger(scopes: [shop, bank, pods])
  }

  /// Lists Services by name, of one namespace.
  mutating func list(_ scope: ResourceScope, _ names: String...) throws -> KubernetesUpdate? {
    let objects = try names.map { try service($0, scope) }
    return ledger.take(.replaced(objects, version: "v1"), of: scope, at: now)
  }

  mutating func put(
    _ scope: ResourceScope, _ name: String, port: Int = 80
  ) throws -> KubernetesUpdate? {
    ledger.take(.changed([.put(try service(name, scope, port: port))]), of: scope, at: now)
  }

  mutating func take(_ news: ReflectorNews, of scope: ResourceScope) -> KubernetesUpdate? {
    ledger.take(news, of: scope, at: now)
  }

  func service(
    _ name: String, _ scope: ResourceScope, port: Int = 80
  ) throws -> WatchedObject {
    try Objects.watched(
      Objects.service(name, ports: ["": port], namespace: scope.namespace ?? "default"), .service)
  }

  /// A Service without ports that can be read.
  func broken(_ name: String, _ scope: ResourceScope) throws -> WatchedObject {
    var service = Objects.service(name, namespace: scope.namespace ?? "default")
    service["spec"] = "nonsense"
    let object = try Objects.watched(service, .service)
    try #require(object.isInvalid)
    return object
  }
}

extension KubernetesUpdate {
  /// Each change in a word.
  fileprivate var words: [String] {
    changes.map { change in
      switch change {
      case .put(let object): "put \(object.metadata.key)"
      case .remove(let kind, let key): "remove \(kind.rawValue) \(key)"
      case .replaceAll(let kind, let objects):
        "all \(kind.rawValue) \(objects.map(\.metadata.key).sorted())"
      }
    }
  }
}

@Suite("What watches bring becomes changes")
struct WatchLedgerTests {
  @Test("A kind is told whole when all its namespaces are listed, and not before")
  func firstList() throws {
    var ledger = Ledger()
    let first = try ledger.list(ledger.shop, "a", "b")
    #expect(first == nil)
    let early = try ledger.put(ledger.shop, "c")
    #expect(early == nil)
    let second = try ledger.list(ledger.bank, "a")
    #expect(second?.words == ["all Service [bank/a, shop/a, shop/b, shop/c]"])
    let pods = ledger.take(.replaced([], version: "v1"), of: ledger.pods)
    #expect(pods?.words == ["all Pod []"])
    #expect(pods?.arrivedAt == now)
  }

  @Test("After that a list is compared with what is known: only what differs is told")
  func relist() throws {
    var ledger = Ledger()
    _ = try ledger.list(ledger.bank, "a")
    _ = try ledger.list(ledger.shop, "a", "b")
    let same = try ledger.list(ledger.shop, "a", "b")
    #expect(same == nil)
    let other = try ledger.list(ledger.shop, "b", "c")
    #expect(Set(other?.words ?? []) == ["put shop/c", "remove Service shop/a"])
    let empty = try ledger.list(ledger.shop)
    #expect(Set(empty?.words ?? []) == ["remove Service shop/b", "remove Service shop/c"])
  }

  @Test("Events are told as they come, those that change nothing are not")
  func events() throws {
    var ledger = Ledger()
    _ = try ledger.list(ledger.bank)
    _ = try ledger.list(ledger.shop, "a")
    let new = try ledger.put(ledger.shop, "b")
    #expect(new?.words == ["put shop/b"])
    let same = try ledger.put(ledger.shop, "b")
    #expect(same == nil)
    let changed = try ledger.put(ledger.shop, "b", port: 81)
    #expect(changed?.words == ["put shop/b"])
    let key = ObjectKey(namespace: "shop", name: "b")
    let removed = ledger.take(.changed([.removed(key)]), of: ledger.shop)
    #expect(removed?.words == ["remove Service shop/b"])
    let again = ledger.take(.changed([.removed(key)]), of: ledger.shop)
    #expect(again == nil)
  }

  @Test("All changes of one word of the server are told together, in their order")
  func together() throws {
    var ledger = Ledger()
    _ = try ledger.list(ledger.bank)
    _ = try ledger.list(ledger.shop)
    let events: [ReflectorChange] = [
      .put(try ledger.service("a", ledger.shop)),
      .removed(ObjectKey(namespace: "shop", name: "a")),
      .put(try ledger.service("a", ledger.shop)),
    ]
    let update = ledger.take(.changed(events), of: ledger.shop)
    #expect(update?.words == ["put shop/a", "remove Service shop/a", "put shop/a"])
  }

  @Test(
    "A kind that the cluster does not have is told as empty; one that was there keeps its objects")
  func missing() throws {
    var ledger = Ledger()
    _ = ledger.take(.missing, of: ledger.shop)
    let all = ledger.take(.missing, of: ledger.bank)
    #expect(all?.words == ["all Service []"])
    #expect(ledger.ledger.statuses.map(\.isMissing) == [true, false])
    let listed = try ledger.list(ledger.shop, "a")
    #expect(listed?.words == ["put shop/a"])
    #expect(ledger.ledger.statuses.map(\.isMissing) == [false, false])
    #expect(ledger.take(.missing, of: ledger.shop) == nil)
    #expect(ledger.ledger.statuses.map(\.objects) == [1, 0])
  }

  @Test("A scope that nobody asked for changes nothing")
  func unknownScope() {
    var ledger = Ledger()
    let update = ledger.take(.missing, of: ResourceScope(.virtualService))
    #expect(update == nil)
  }
}

@Suite("Objects that cannot be read")
struct WatchLedgerFindingTests {
  @Test("An object keeps its last good version, and what is wrong with it is told once")
  func lastGood() throws {
    var ledger = Ledger()
    _ = try ledger.list(ledger.bank)
    _ = try ledger.list(ledger.shop, "a")
    let broken = ReflectorChange.put(try ledger.broken("a", ledger.shop))
    let update = ledger.take(.changed([broken]), of: ledger.shop)
    #expect(update?.words == [])
    #expect(update?.findings?.contains { $0.severity == .error } == true)
    let again = ledger.take(.changed([broken]), of: ledger.shop)
    #expect(again == nil)
    // A list that brings it broken keeps it as well.
    let listed = ledger.take(
      .replaced([try ledger.broken("a", ledger.shop)], version: "v1"), of: ledger.shop)
    #expect(listed == nil)
    let mended = try ledger.put(ledger.shop, "a", port: 81)
    #expect(mended?.words == ["put shop/a"])
    #expect(mended?.findings == [])
  }

  @Test("Mended to what it was, it changes nothing but the findings")
  func mendedToTheSame() throws {
    var ledger = Ledger()
    _ = try ledger.list(ledger.bank)
    _ = try ledger.list(ledger.shop, "a")
    _ = ledger.take(.changed([.put(try ledger.broken("a", ledger.shop))]), of: ledger.shop)
    let mended = try ledger.put(ledger.shop, "a")
    #expect(mended?.words == [])
    #expect(mended?.findings == [])
  }

  @Test("One that was never good is no object, and its going is told by findings alone")
  func neverGood() throws {
    var ledger = Ledger()
    _ = try ledger.list(ledger.bank)
    let broken = try ledger.broken("a", ledger.shop)
    let first = ledger.take(.replaced([broken], version: "v1"), of: ledger.shop)
    #expect(first?.words == ["all Service []"])
    #expect(first?.findings?.isEmpty == false)
    #expect(ledger.ledger.statuses.first?.objects == 1)
    let gone = try ledger.list(ledger.shop)
    #expect(gone?.words == [])
    #expect(gone?.findings == [])
  }

  @Test("One that is deleted while it cannot be read is gone")
  func deletedWhileBroken() throws {
    var ledger = Ledger()
    _ = try ledger.list(ledger.bank)
    _ = try ledger.list(ledger.shop, "a")
    _ = ledger.take(.changed([.put(try ledger.broken("a", ledger.shop))]), of: ledger.shop)
    let key = ObjectKey(namespace: "shop", name: "a")
    let gone = ledger.take(.changed([.removed(key)]), of: ledger.shop)
    #expect(gone?.words == ["remove Service shop/a"])
    #expect(gone?.findings == [])
  }
}

@Suite("What is wrong with watches")
struct WatchLedgerFailureTests {
  private let down = KubernetesFailure(.unreachable, "Down.")
  private let forbidden = KubernetesFailure(.forbidden, "Forbidden.")

  @Test("What stops all watches is told once, and its end when all go on")
  func once() throws {
    var ledger = Ledger()
    let first = ledger.take(.failed(down), of: ledger.shop)
    #expect(first?.failure == down)
    for scope in [ledger.shop, ledger.bank, ledger.pods] {
      let again = ledger.take(.failed(down), of: scope)
      #expect(again == nil)
    }
    #expect(ledger.ledger.statuses.map(\.failure) == [down, down])
    #expect(ledger.ledger.statuses.map(\.failures) == [3, 1])
    for scope in [ledger.shop, ledger.bank] {
      let early = ledger.take(.watching, of: scope)
      #expect(early == nil)
    }
    let last = ledger.take(.watching, of: ledger.pods)
    #expect(last?.hasRecovered == true)
    #expect(last?.failure == nil)
    let still = ledger.take(.watching, of: ledger.pods)
    #expect(still == nil)
  }

  @Test("Another failure is told, also while there is one")
  func another() throws {
    var ledger = Ledger()
    _ = ledger.take(.failed(down), of: ledger.shop)
    let other = ledger.take(.failed(forbidden), of: ledger.shop)
    #expect(other?.failure == forbidden)
  }

  @Test("A failure takes no object away")
  func keepsObjects() throws {
    var ledger = Ledger()
    _ = try ledger.list(ledger.bank)
    _ = try ledger.list(ledger.shop, "a")
    let failed = ledger.take(.failed(down), of: ledger.shop)
    #expect(failed?.words == [])
    #expect(ledger.ledger.statuses.first?.objects == 1)
    let back = try ledger.list(ledger.shop, "a")
    #expect(back?.words == [])
    #expect(back?.hasRecovered == true)
  }

  @Test("A kind's status is that of all its watches together")
  func statuses() throws {
    var ledger = Ledger()
    #expect(ledger.ledger.statuses.map(\.kind) == [.service, .pod])
    _ = try ledger.list(ledger.shop, "a", "b")
    #expect(ledger.ledger.statuses.first?.isSynced == false)
    _ = try ledger.list(ledger.bank, "a")
    for scope in [ledger.shop, ledger.bank] { _ = ledger.take(.watching, of: scope) }
    _ = try ledger.put(ledger.bank, "b")
    var expected = WatchStatus(kind: .service)
    expected.isSynced = true
    expected.objects = 4
    expected.open = 2
    expected.events = 1
    expected.lists = 2
    #expect(ledger.ledger.statuses.first == expected)
    _ = ledger.take(.ended, of: ledger.bank)
    #expect(ledger.ledger.statuses.first?.open == 1)
  }
}
