import FairleadManifests
import FairleadRouting
import Foundation
import Testing

@testable import FairleadFiles

@Suite("Changes of files are told once, and a mistake leaves the last good configuration")
struct FilePollerTests {
  @Test("the first look tells, the next ones only what changed")
  func changes() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    var watch = Watch(folder.path)
    #expect(watch.look() == "1: a")
    #expect(watch.lookPatiently() == [])
    try folder.write(service("b"), to: "b.yaml")
    #expect(watch.settle() == "2: a b")
    try folder.write(service("c"), to: "a.yaml")
    #expect(watch.settle() == "3: b c")
    try folder.overwrite(service("d"), in: "a.yaml")
    #expect(watch.settle() == "4: b d")
    #expect(watch.lookPatiently() == [])
  }

  @Test("a change that means nothing is not told")
  func comments() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    var watch = Watch(folder.path)
    _ = watch.look()
    try folder.write(service("a") + "# a remark\n", to: "a.yaml")
    try folder.write("# nothing\n", to: "empty.yaml")
    #expect(watch.lookPatiently() == [])
  }

  @Test("a mistake is told once, also if the file is written again; the repair is told")
  func mistakes() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    var watch = Watch(folder.path)
    _ = watch.look()
    try folder.write("a: [", to: "b.yaml")
    #expect(watch.settle() == "refused: syntax")
    try folder.write("a: [", to: "b.yaml")
    #expect(watch.lookPatiently() == [])
    try folder.write(service("b", port: 0), to: "b.yaml")
    #expect(watch.settle() == "refused: invalid-value")
    try folder.write(service("b"), to: "b.yaml")
    #expect(watch.settle() == "2: a b")
  }

  @Test("going back from a mistake to what is in force is told, as the mistake was")
  func back() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    var watch = Watch(folder.path)
    _ = watch.look()
    try folder.write(service("a", port: 0), to: "a.yaml")
    #expect(watch.settle() == "refused: invalid-value")
    try folder.write(service("a"), to: "a.yaml")
    #expect(watch.settle() == "2: a")
  }

  @Test("a path that vanishes is refused, and taken again when it is back")
  func vanishedPath() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    var watch = Watch(folder.path("a.yaml"))
    _ = watch.look()
    try folder.remove("a.yaml")
    #expect(watch.lookPatiently() == ["refused: unreadable"])
    try folder.write(service("a"), to: "a.yaml")
    #expect(watch.lookPatiently() == ["2: a"])
  }

  @Test("a folder that becomes empty is refused")
  func emptyFolder() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    var watch = Watch(folder.path)
    _ = watch.look()
    try folder.remove("a.yaml")
    #expect(watch.settle() == nil)
    #expect(watch.lookPatiently() == ["refused: no-manifests"])
  }

  @Test("a file that leaves a folder takes its objects with it, a moment later")
  func removedFile() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    try folder.write(service("b"), to: "b.yaml")
    var watch = Watch(folder.path)
    _ = watch.look()
    try folder.remove("b.yaml")
    #expect(watch.settle() == nil)
    #expect(watch.look(after: .milliseconds(599)) == nil)
    #expect(watch.look(after: .milliseconds(1)) == "2: a")
  }

  @Test("a file that an editor takes away for a moment stays in force")
  func replacedFile() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    try folder.write(service("b"), to: "b.yaml")
    var watch = Watch(folder.path)
    _ = watch.look()
    try folder.move("b.yaml", to: "b.yaml~")
    #expect(watch.settle() == nil)
    try folder.write(service("c"), to: "b.yaml")
    #expect(watch.settle() == "2: a c")
    #expect(watch.lookPatiently() == [])
  }

  @Test("a file that is moved is not there twice")
  func movedFile() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    try folder.write(service("b"), to: "b.yaml")
    var watch = Watch(folder.path)
    _ = watch.look()
    try folder.move("b.yaml", to: "c.yaml")
    // Findings name the file, and so differ; no update is refused.
    #expect(watch.lookPatiently().allSatisfy { !$0.hasPrefix("refused") })
  }

  @Test("a file that is empty for a moment is being written; one that stays empty is empty")
  func truncatedFile() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    try folder.write(service("b"), to: "b.yaml")
    var watch = Watch(folder.path)
    _ = watch.look()
    try folder.overwrite("", in: "b.yaml")
    #expect(watch.settle() == nil)
    try folder.overwrite(service("c"), in: "b.yaml")
    #expect(watch.settle() == "2: a c")
    try folder.overwrite("", in: "b.yaml")
    #expect(watch.settle() == nil)
    #expect(watch.look(after: .milliseconds(599)) == nil)
    #expect(watch.look(after: .milliseconds(1)) == "3: a")
    #expect(watch.lookPatiently() == [])
  }

  @Test("a mounted ConfigMap changes as one")
  func configMap() throws {
    let folder = try TemporaryFolder()
    for (name, port) in [("..1", 1), ("..2", 2)] {
      try folder.makeFolder(name)
      try folder.write(service("a", port: port), to: "\(name)/a.yaml")
      try folder.write(service("b", port: port), to: "\(name)/b.yaml")
    }
    try folder.link("..data", to: "..1")
    try folder.link("a.yaml", to: "..data/a.yaml")
    try folder.link("b.yaml", to: "..data/b.yaml")
    var watch = Watch(folder.path)
    #expect(watch.look() == "1: a b")
    try folder.link("..data_tmp", to: "..2")
    try folder.move("..data_tmp", to: "..data")
    #expect(watch.settle() == "2: a b")
    #expect(watch.last?.ports == [2, 2])
    #expect(watch.lookPatiently() == [])
  }

  @Test("a change that leaves size and time of the file as they were is seen")
  func sameSizeAndTime() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    let time = try FileManager.default.attributesOfItem(atPath: folder.path("a.yaml"))
    var watch = Watch(folder.path)
    _ = watch.look()
    try folder.overwrite(service("b"), in: "a.yaml")
    try FileManager.default.setAttributes(
      [.modificationDate: time[.modificationDate] as Any], ofItemAtPath: folder.path("a.yaml"))
    // At the latest when the file that was just read is read once more.
    #expect(watch.lookPatiently() == ["2: b"])
  }

  @Test("the time of an update is that of the look that read it")
  func time() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    var watch = Watch(folder.path)
    #expect(watch.look(after: .seconds(5)) == "1: a")
    #expect(watch.last?.readAt == watch.start + .seconds(5))
    try folder.write(service("b"), to: "a.yaml")
    #expect(watch.look(after: .milliseconds(200)) == nil)
    #expect(watch.look(after: .milliseconds(50)) == "2: b")
    #expect(watch.last?.readAt == watch.start + .milliseconds(5250))
  }

  @Test("a file above the limit, or one that is not text, is refused")
  func limits() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    var limits = FileLimits()
    limits.yaml.fileSize = 100
    var watch = Watch(folder.path, limits: limits)
    _ = watch.look()
    try folder.write(String(repeating: "#", count: 101), to: "b.yaml")
    #expect(watch.settle() == "refused: too-large")
    try Data([0xFF, 0xFE, 0x00]).write(to: URL(fileURLWithPath: folder.path("b.yaml")))
    #expect(watch.settle() == "refused: syntax")
  }
}
