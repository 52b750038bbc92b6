import Foundation
import Testing

@testable import FairleadFiles

@Suite("A file that is being written is waited for, and no part of it is taken for the whole")
struct SlowWriterTests {
  private let documents = ["b", "c", "d"].map { service($0) }

  /// `count` of the documents, as one file.
  private func file(_ count: Int) -> String {
    documents.prefix(count).joined(separator: "---\n")
  }

  @Test("three chunks with looks between them are one update with the whole content")
  func chunks() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    var watch = Watch(folder.path)
    _ = watch.look()
    for count in 1...3 {
      try folder.overwrite(file(count), in: "a.yaml")
      #expect(watch.look() == nil)
    }
    #expect(watch.lookPatiently() == ["2: b c d"])
  }

  @Test("a chunk that breaks off inside a document is not reported")
  func invalidChunks() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    var watch = Watch(folder.path)
    _ = watch.look()
    for part in ["a: [", "a: [1", service("b", port: 0), service("b")] {
      try folder.overwrite(part, in: "a.yaml")
      #expect(watch.look() == nil)
    }
    #expect(watch.lookPatiently() == ["2: b"])
  }

  @Test("a file that is truncated, stays empty for some looks and is filled slowly is one update")
  func truncated() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    var watch = Watch(folder.path)
    _ = watch.look()
    try folder.overwrite("", in: "a.yaml")
    for _ in 1...4 { #expect(watch.look() == nil) }
    for count in 1...3 {
      try folder.overwrite(file(count), in: "a.yaml")
      #expect(watch.look() == nil)
    }
    #expect(watch.lookPatiently() == ["2: b c d"])
  }

  @Test("a writer that begins between the look and the reading is waited for")
  func duringTheLook() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    var watch = Watch(folder.path)
    _ = watch.look()
    try folder.overwrite(file(3), in: "a.yaml")
    #expect(watch.look() == nil)
    let path = folder.path("a.yaml")
    let part = Data(file(1).utf8)
    let told = watch.look {
      #expect(throws: Never.self) { try part.write(to: URL(fileURLWithPath: path)) }
    }
    #expect(told == nil)
    try folder.overwrite(file(2), in: "a.yaml")
    #expect(watch.lookPatiently() == ["2: b c"])
  }

  @Test("a file that changes at every look is read after a second, and then each second")
  func restless() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    var watch = Watch(folder.path)
    _ = watch.look()
    var told: [Int] = []
    for number in 1...50 {
      try folder.overwrite(service("a", port: number), in: "a.yaml")
      if watch.look(after: .milliseconds(50)) != nil { told.append(number) }
    }
    // Seen first at look 1 and at look 22; 20 looks of 50 ms are a second.
    #expect(told == [21, 42])
    #expect(watch.last?.ports == [42])
    // What came last is not lost.
    #expect(watch.look() == "4: a")
    #expect(watch.last?.ports == [50])
  }

  @Test("a plain edit is one update, at the second look, 50 ms after the first")
  func plain() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    var watch = Watch(folder.path)
    _ = watch.look()
    try folder.overwrite(file(3), in: "a.yaml")
    #expect(watch.look(after: .milliseconds(200)) == nil)
    #expect(watch.look() == "2: b c d")
    #expect(watch.last?.readAt == watch.start + .milliseconds(450))
    #expect(watch.lookPatiently() == [])
  }

  @Test(
    "a file that stays empty, or away, counts as gone within a second", arguments: [true, false])
  func gone(isRemoved: Bool) throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    try folder.write(service("b"), to: "b.yaml")
    var watch = Watch(folder.path)
    _ = watch.look()
    if isRemoved {
      try folder.remove("b.yaml")
    } else {
      try folder.overwrite("", in: "b.yaml")
    }
    #expect(watch.lookPatiently() == ["2: a"])
    let readAt = try #require(watch.last?.readAt)
    // The first look was after 200 ms, the change was seen at 400 and read at 450.
    #expect(readAt == watch.start + .milliseconds(1050))
  }

  @Test("the only file of a folder may be away for a moment")
  func onlyFile() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    var watch = Watch(folder.path)
    _ = watch.look()
    try folder.remove("a.yaml")
    for _ in 1...3 { #expect(watch.look() == nil) }
    try folder.write(service("b"), to: "a.yaml")
    #expect(watch.lookPatiently() == ["2: b"])
  }
}
