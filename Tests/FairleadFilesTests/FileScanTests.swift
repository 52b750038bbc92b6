import FairleadManifests
import Foundation
import Testing

@testable import FairleadFiles

@Suite("A look at paths finds the manifests in them")
struct FileScanTests {
  private func scan(_ paths: String..., limits: FileLimits = FileLimits()) -> FileScan {
    FileScan(paths: paths, limits: limits)
  }

  private func names(_ scan: FileScan, in folder: borrowing TemporaryFolder) -> [String] {
    scan.files.map { String($0.path.dropFirst(folder.path.count + 1)) }
  }

  @Test("folders are searched for the known endings, in order and in depth")
  func folder() throws {
    let folder = try TemporaryFolder()
    for name in ["b.yaml", "a.yml", "c.json", "d.txt", ".hidden.yaml", "e.yaml~"] {
      try folder.write("", to: name)
    }
    try folder.makeFolder("sub/deeper")
    try folder.write("", to: "sub/deeper/x.yaml")
    try folder.makeFolder(".git")
    try folder.write("", to: ".git/y.yaml")
    let scan = scan(folder.path)
    #expect(names(scan, in: folder) == ["a.yml", "b.yaml", "c.json", "sub/deeper/x.yaml"])
    #expect(scan.findings.isEmpty)
  }

  @Test("a file that is named is read whatever its ending, and each file once")
  func named() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "a.txt")
    try folder.write("", to: "b.yaml")
    try folder.link("c.yaml", to: "b.yaml")
    let scan = scan(folder.path("a.txt"), folder.path("b.yaml"), folder.path)
    #expect(names(scan, in: folder) == ["a.txt", "b.yaml"])
    #expect(scan.findings.isEmpty)
  }

  @Test("a mounted ConfigMap is read through its links, once")
  func configMap() throws {
    let folder = try TemporaryFolder()
    try folder.makeFolder("..2026_01")
    try folder.write("", to: "..2026_01/a.yaml")
    try folder.link("..data", to: "..2026_01")
    try folder.link("a.yaml", to: "..data/a.yaml")
    #expect(names(scan(folder.path), in: folder) == ["a.yaml"])
  }

  @Test("links that lead nowhere or in a circle end")
  func links() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "a.yaml")
    try folder.link("nowhere.yaml", to: "gone.yaml")
    try folder.makeFolder("sub")
    try folder.link("sub/up", to: "..")
    #expect(names(scan(folder.path), in: folder) == ["a.yaml"])
  }

  @Test("what is not there, not a file, or without manifests is an error each")
  func errors() throws {
    let folder = try TemporaryFolder()
    let pipe = folder.path("pipe")
    try #require(mkfifo(pipe, 0o600) == 0)
    let scan = scan(folder.path("gone"), pipe, folder.path)
    #expect(scan.findings.map(\.code) == [.unreadable, .unreadable, .noManifests])
    #expect(scan.findings.map(\.origin.file) == [folder.path("gone"), pipe, folder.path])
    #expect(scan.findings.first?.message.contains("No such file") == true)
  }

  @Test("too many files are refused")
  func limit() throws {
    let folder = try TemporaryFolder()
    for index in 0..<4 {
      try folder.write("", to: "\(index).yaml")
    }
    var limits = FileLimits()
    limits.files = 3
    let scan = scan(folder.path, limits: limits)
    #expect(scan.findings.map(\.code) == [.tooLarge])
    #expect(scan.files.isEmpty)
  }
}
