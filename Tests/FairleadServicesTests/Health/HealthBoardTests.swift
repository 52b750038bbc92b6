import FairleadServices
import Testing

@Suite("HealthBoard")
struct HealthBoardTests {
  @Test("At first the server and each of its services serve; others are unknown")
  func start() {
    let board = HealthBoard(serving: ["a"])
    #expect(board.statuses == ["": .serving, "a": .serving])
    #expect(board.status(of: "b") == nil)
  }

  @Test("A watcher sees the status now, then each change of its own service only")
  func watching() async {
    let board = HealthBoard(serving: ["a", "b"])
    var changes = board.changes(of: "a").makeAsyncIterator()
    #expect(await changes.next() == .some(.serving))
    board.set(.notServing, for: "b")
    board.set(.notServing, for: "a")
    #expect(await changes.next() == .some(.notServing))
    board.set(.serving, for: "a")
    #expect(await changes.next() == .some(.serving))
  }

  @Test("A service that comes to be known is told to who watched before")
  func unknownThenKnown() async {
    let board = HealthBoard(serving: [])
    var changes = board.changes(of: "late").makeAsyncIterator()
    #expect(await changes.next() == .some(nil))
    board.set(.serving, for: "late")
    #expect(await changes.next() == .some(.serving))
  }

  @Test("A slow watcher gets the latest status only")
  func slowWatcher() async {
    let board = HealthBoard(serving: ["a"])
    var changes = board.changes(of: "a").makeAsyncIterator()
    board.set(.notServing, for: "a")
    board.set(.serving, for: "a")
    board.set(.notServing, for: "a")
    board.close()
    #expect(await changes.next() == .some(.notServing))
    #expect(await changes.next() == nil)
  }

  @Test("Closing sets all to not serving, ends the watchers and cannot be undone")
  func closing() async {
    let board = HealthBoard(serving: ["a"])
    var before = board.changes(of: "a").makeAsyncIterator()
    #expect(await before.next() == .some(.serving))
    board.close()
    board.set(.serving, for: "a")
    #expect(board.statuses == ["": .notServing, "a": .notServing])
    #expect(await before.next() == .some(.notServing))
    #expect(await before.next() == nil)
    var after = board.changes(of: "a").makeAsyncIterator()
    #expect(await after.next() == .some(.notServing))
    #expect(await after.next() == nil)
  }

  // The watcher is cancelled while it is told something: it leaves as the board yields to it.
  @Test("watchers may leave at any time", .timeLimit(.minutes(1)))
  func leavingWatchers() async {
    let board = HealthBoard(serving: [])
    for round in 1...5000 {
      await withTaskGroup(of: Void.self) { watchers in
        for _ in 0..<4 { watchers.addTask { for await _ in board.changes(of: "") {} } }
        board.set(round.isMultiple(of: 2) ? .serving : .notServing, for: "")
        watchers.cancelAll()
      }
    }
    #expect(board.watcherCount == 0)
  }
}
