import FairleadManifests
import FairleadRouting
import Foundation
import Testing

@testable import FairleadFiles

@Suite("Changes of files are told once, and a mistake leaves the last good configuration")
struct FilePollerTests {
  private let start = ContinuousClock.now

  private func poller(_ paths: String..., limits: FileLimits = FileLimits()) -> FilePoller {
    FilePoller(paths: paths, options: CompileOptions(), limits: limits)
  }

  /// `3: a b`, the generation and the services; or `refused: ` and the codes; `nil` if nothing is told.
  private func look(_ poller: inout FilePoller) -> String? {
    poller.poll(now: { start }).map(describe)
  }

  /// Looks as often as a half-written file is given.
  private func lookPatiently(_ poller: inout FilePoller) -> [String] {
    (0...FileLedger.patience).compactMap { _ in look(&poller) }
  }

  private func describe(_ update: FileUpdate) -> String {
    switch update {
    case .applied(let configuration):
      let names = configuration.snapshot.virtualHosts.map(\.service.name)
      return "\(configuration.snapshot.generation): \(names.joined(separator: " "))"
    case .refused(let refusal):
      let codes = refusal.findings.filter { $0.severity == .error }.map(\.code.rawValue)
      return "refused: \(codes.joined(separator: " "))"
    }
  }

  @Test("the first look tells, the next ones only what changed")
  func changes() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    var poller = poller(folder.path)
    #expect(look(&poller) == "1: a")
    #expect(lookPatiently(&poller) == [])
    try folder.write(service("b"), to: "b.yaml")
    #expect(look(&poller) == "2: a b")
    try folder.write(service("c"), to: "a.yaml")
    #expect(look(&poller) == "3: b c")
    try folder.overwrite(service("d"), in: "a.yaml")
    #expect(look(&poller) == "4: b d")
    #expect(lookPatiently(&poller) == [])
  }

  @Test("a change that means nothing is not told")
  func comments() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    var poller = poller(folder.path)
    _ = look(&poller)
    try folder.write(service("a") + "# a remark\n", to: "a.yaml")
    try folder.write("# nothing\n", to: "empty.yaml")
    #expect(lookPatiently(&poller) == [])
  }

  @Test("a mistake is told once, also if the file is written again; the repair is told")
  func mistakes() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    var poller = poller(folder.path)
    _ = look(&poller)
    try folder.write("a: [", to: "b.yaml")
    #expect(look(&poller) == "refused: syntax")
    try folder.write("a: [", to: "b.yaml")
    #expect(lookPatiently(&poller) == [])
    try folder.write(service("b", port: 0), to: "b.yaml")
    #expect(look(&poller) == "refused: invalid-value")
    try folder.write(service("b"), to: "b.yaml")
    #expect(look(&poller) == "2: a b")
  }

  @Test("going back from a mistake to what is in force is told, as the mistake was")
  func back() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    var poller = poller(folder.path)
    _ = look(&poller)
    try folder.write(service("a", port: 0), to: "a.yaml")
    #expect(look(&poller) == "refused: invalid-value")
    try folder.write(service("a"), to: "a.yaml")
    #expect(look(&poller) == "2: a")
  }

  @Test("a path that vanishes is refused, and taken again when it is back")
  func vanishedPath() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    var poller = poller(folder.path("a.yaml"))
    _ = look(&poller)
    try folder.remove("a.yaml")
    #expect(lookPatiently(&poller) == ["refused: unreadable"])
    try folder.write(service("a"), to: "a.yaml")
    #expect(lookPatiently(&poller) == ["2: a"])
  }

  @Test("a folder that becomes empty is refused")
  func emptyFolder() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    var poller = poller(folder.path)
    _ = look(&poller)
    try folder.remove("a.yaml")
    #expect(lookPatiently(&poller) == ["refused: no-manifests"])
  }

  @Test("a file that leaves a folder takes its objects with it, a moment later")
  func removedFile() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    try folder.write(service("b"), to: "b.yaml")
    var poller = poller(folder.path)
    _ = look(&poller)
    try folder.remove("b.yaml")
    #expect(look(&poller) == nil)
    #expect(look(&poller) == "2: a")
  }

  @Test("a file that an editor takes away for a moment stays in force")
  func replacedFile() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    try folder.write(service("b"), to: "b.yaml")
    var poller = poller(folder.path)
    _ = look(&poller)
    try folder.move("b.yaml", to: "b.yaml~")
    #expect(look(&poller) == nil)
    try folder.write(service("c"), to: "b.yaml")
    #expect(look(&poller) == "2: a c")
    #expect(lookPatiently(&poller) == [])
  }

  @Test("a file that is moved is not there twice")
  func movedFile() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    try folder.write(service("b"), to: "b.yaml")
    var poller = poller(folder.path)
    _ = look(&poller)
    try folder.move("b.yaml", to: "c.yaml")
    // Findings name the file, and so differ; no update is refused.
    #expect(lookPatiently(&poller).allSatisfy { !$0.hasPrefix("refused") })
  }

  @Test("a file that is empty for a moment is being written; one that stays empty is empty")
  func truncatedFile() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    try folder.write(service("b"), to: "b.yaml")
    var poller = poller(folder.path)
    _ = look(&poller)
    try folder.overwrite("", in: "b.yaml")
    #expect(look(&poller) == nil)
    try folder.overwrite(service("c"), in: "b.yaml")
    #expect(look(&poller) == "2: a c")
    try folder.overwrite("", in: "b.yaml")
    #expect(lookPatiently(&poller) == ["3: a"])
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
    var poller = poller(folder.path)
    #expect(look(&poller) == "1: a b")
    try folder.link("..data_tmp", to: "..2")
    try folder.move("..data_tmp", to: "..data")
    guard case .applied(let configuration)? = poller.poll(now: { start }) else {
      Issue.record("nothing was applied")
      return
    }
    #expect(configuration.snapshot.virtualHosts.map(\.port) == [2, 2])
    #expect(lookPatiently(&poller) == [])
  }

  @Test("a change that leaves size and time of the file as they were is seen")
  func sameSizeAndTime() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    let time = try FileManager.default.attributesOfItem(atPath: folder.path("a.yaml"))
    var poller = poller(folder.path)
    _ = look(&poller)
    try folder.overwrite(service("b"), in: "a.yaml")
    try FileManager.default.setAttributes(
      [.modificationDate: time[.modificationDate] as Any], ofItemAtPath: folder.path("a.yaml"))
    // At the latest when the file that was just read is read once more.
    #expect(lookPatiently(&poller) == ["2: b"])
  }

  @Test("the time of an update is that of the look")
  func time() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    var poller = poller(folder.path)
    let later = start + .seconds(5)
    guard case .applied(let configuration)? = poller.poll(now: { later }) else {
      Issue.record("nothing was applied")
      return
    }
    #expect(configuration.readAt == later)
  }

  @Test("a file above the limit, or one that is not text, is refused")
  func limits() throws {
    let folder = try TemporaryFolder()
    try folder.write(service("a"), to: "a.yaml")
    var limits = FileLimits()
    limits.yaml.fileSize = 100
    var poller = poller(folder.path, limits: limits)
    _ = look(&poller)
    try folder.write(String(repeating: "#", count: 101), to: "b.yaml")
    #expect(look(&poller) == "refused: too-large")
    try Data([0xFF, 0xFE, 0x00]).write(to: URL(fileURLWithPath: folder.path("b.yaml")))
    #expect(look(&poller) == "refused: syntax")
  }
}
