import FairleadManifests
import FairleadRouting
import Foundation
import Testing

@testable import FairleadFiles

@Suite("A source of files reads them at the start and tells changes while it runs")
struct FileSourceTests {
  @Test("loading answers with the objects")
  func load() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    let configuration = try FileSource(paths: [folder.path]).load()
    #expect(configuration.serviceNames == ["a"])
    #expect(configuration.findings.isEmpty)
  }

  @Test("loading what is wrong throws all findings")
  func loadRefused() throws {
    let folder = try TemporaryFolder()
    try folder.write("a: [", to: "a.yaml")
    let source = FileSource(paths: [folder.path, folder.path("gone")])
    let refusal = #expect(throws: RefusedConfiguration.self) { try source.load() }
    #expect(Set(refusal?.findings.map(\.code) ?? []) == [.syntax, .unreadable])
    #expect(refusal?.description.contains("(and 1 more)") == true)
  }

  @Test("while it runs, changes come as updates, mistakes in between")
  func run() async throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    let source = FileSource(paths: [folder.path], clock: TurnClock())
    _ = try source.load()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await source.run() }
      var updates = source.updates.makeAsyncIterator()
      try folder.write(service("b"), to: "a.yaml")
      guard case .read(let first)? = await updates.next() else {
        throw Unexpected()
      }
      #expect(first.serviceNames == ["b"])
      try folder.write("a: [", to: "a.yaml")
      guard case .refused(let refusal)? = await updates.next() else {
        throw Unexpected()
      }
      #expect(refusal.findings.map(\.code) == [.syntax])
      try folder.write(service("c"), to: "a.yaml")
      guard case .read(let second)? = await updates.next() else {
        throw Unexpected()
      }
      #expect(second.serviceNames == ["c"])
      group.cancelAll()
      #expect(await updates.next() == nil)
    }
  }

  @Test("running without having loaded tells the first configuration, too")
  func runFirst() async throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    let source = FileSource(paths: [folder.path], clock: TurnClock())
    source.poll()
    source.poll()
    var updates = source.updates.makeAsyncIterator()
    guard case .read(let first)? = await updates.next() else { throw Unexpected() }
    #expect(first.serviceNames == ["a"])
  }

  @Test("while a change is waiting, looks are closer together")
  func intervals() async throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    let (path, text) = (folder.path("a.yaml"), Data(service("b").utf8))
    let clock = StoryClock { sleep in
      if sleep == 1 { try text.write(to: URL(fileURLWithPath: path), options: .atomic) }
    }
    let start = clock.now
    let source = FileSource(paths: [folder.path], clock: clock, now: { clock.now })
    _ = try source.load()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await source.run() }
      var updates = source.updates.makeAsyncIterator()
      guard case .read(let update)? = await updates.next() else { throw Unexpected() }
      #expect(update.serviceNames == ["b"])
      #expect(update.readAt == start + .milliseconds(250))
      group.cancelAll()
    }
    let sleeps: [Duration] = [.milliseconds(200), .milliseconds(50), .milliseconds(200)]
    #expect(Array(clock.sleeps.prefix(3)) == sleeps)
  }

  private struct Unexpected: Error {}
}
