import Foundation
import Testing

@testable import fairlead

@Suite("The file of a report")
struct ReportFileTests {
  /// A folder that is gone with the test.
  private func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("fairlead-report-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func names(in folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test("Nothing is left by the trial, and the file is written whole")
  func writes() throws {
    try inFolder { folder in
      let path = folder.appendingPathComponent("report.html")
      let file = try ReportFile(path: path.path)
      #expect(try names(in: folder) == [])
      try file.write("first")
      try file.write("zweiter: größer")
      #expect(try String(contentsOf: path, encoding: .utf8) == "zweiter: größer")
      #expect(try names(in: folder) == ["report.html"])
    }
  }

  @Test("A symbolic link stays, and what it leads to is written")
  func link() throws {
    try inFolder { folder in
      let place = folder.appendingPathComponent("real.html")
      let link = folder.appendingPathComponent("link.html")
      try Data().write(to: place)
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: place)
      try ReportFile(path: link.path).write("text")
      #expect(try String(contentsOf: place, encoding: .utf8) == "text")
      #expect(
        try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == place.path)
    }
  }

  @Test("No folder, a folder, a device: a sentence each, before anything is done")
  func refusals() throws {
    try inFolder { folder in
      let missing = folder.appendingPathComponent("none/report.html").path
      #expect(
        Self.refusal(missing)
          == "The report cannot be written to \(missing): there is no such folder.")
      #expect(
        Self.refusal(folder.path)
          == "The report cannot be written to \(folder.path): that is a folder; name a file in it.")
      #expect(
        Self.refusal("/dev/null")
          == "The report cannot be written to /dev/null: that is not a regular file; name another.")
      let file = folder.appendingPathComponent("file")
      try Data().write(to: file)
      #expect(
        Self.refusal(file.path + "/report.html")?.hasSuffix("there is no such folder.") == true)
      let long = folder.appendingPathComponent(String(repeating: "x", count: 300)).path
      #expect(Self.refusal(long)?.hasSuffix("the name is too long.") == true)
    }
  }

  private static func refusal(_ path: String) -> String? {
    do {
      _ = try ReportFile(path: path)
      return nil
    } catch {
      return "\(error)"
    }
  }
}
