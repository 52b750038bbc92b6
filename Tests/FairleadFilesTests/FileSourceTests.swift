import FairleadManifests
import FairleadRouting
import Foundation
import Testing

@testable import FairleadFiles

@Suite("A source of files reads them at the start and tells changes while it runs")
struct FileSourceTests {
  @Test("loading answers with the configuration")
  func load() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    let configuration = try FileSource(paths: [folder.path]).load()
    #expect(configuration.snapshot.generation == 1)
    #expect(configuration.snapshot.virtualHosts.map(\.service.name) == ["a"])
    #expect(configuration.findings.map(\.code) == [.noEndpoints])
    #expect(configuration.summary.services == 1)
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

  @Test("while it runs, changes come as updates with growing generations; mistakes in between")
  func run() async throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    let source = FileSource(paths: [folder.path], clock: TurnClock())
    _ = try source.load()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await source.run() }
      var updates = source.updates.makeAsyncIterator()
      try folder.write(service("b"), to: "a.yaml")
      guard case .applied(let first)? = await updates.next() else {
        throw Unexpected()
      }
      #expect(first.snapshot.generation == 2)
      #expect(first.snapshot.virtualHosts.map(\.service.name) == ["b"])
      try folder.write("a: [", to: "a.yaml")
      guard case .refused(let refusal)? = await updates.next() else {
        throw Unexpected()
      }
      #expect(refusal.findings.map(\.code) == [.syntax])
      try folder.write(service("c"), to: "a.yaml")
      guard case .applied(let second)? = await updates.next() else {
        throw Unexpected()
      }
      #expect(second.snapshot.generation == 3)
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
    guard case .applied(let first)? = await updates.next() else { throw Unexpected() }
    #expect(first.snapshot.generation == 1)
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
      guard case .applied(let update)? = await updates.next() else { throw Unexpected() }
      #expect(update.snapshot.virtualHosts.map(\.service.name) == ["b"])
      #expect(update.readAt == start + .milliseconds(250))
      group.cancelAll()
    }
    let sleeps: [Duration] = [.milliseconds(200), .milliseconds(50), .milliseconds(200)]
    #expect(Array(clock.sleeps.prefix(3)) == sleeps)
  }

  private struct Unexpected: Error {}
}
