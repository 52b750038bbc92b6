import FairleadDescriptors

/// How `protoc` is told to describe files, and what its complaints mean. A pure value.
struct ProtocInvocation: Sendable, Hashable {
  /// Lines of a complaint that are shown.
  private static let shownLines = 4

  let files: [String]
  let importPaths: [String]

  /// - Parameter importPaths: None for the working folder, and the folders of files elsewhere.
  init(files: [String], importPaths: [String]) {
    self.files = files.map(Self.path)
    guard importPaths.isEmpty else {
      self.importPaths = importPaths.map(Self.path)
      return
    }
    var paths = ["."]
    for file in self.files where file.hasPrefix("/") || file.hasPrefix("../") {
      let folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? ""
      if !paths.contains(folder) { paths.append(folder.isEmpty ? "/" : folder) }
    }
    self.importPaths = paths
  }

  /// - Parameters:
  ///   - output: The file for the descriptor set.
  ///   - wellKnown: A folder with the well-known types, for who has none of their own.
  func arguments(output: String, wellKnown: String) -> [String] {
    ["--include_imports", "--descriptor_set_out=\(output)"]
      + (self.importPaths + [wellKnown]).map { "--proto_path=\($0)" } + self.files
  }

  /// - Parameter output: What protoc printed when it failed.
  func problem(output: String) -> DescriptorProblem {
    let lines = output.split(whereSeparator: \.isNewline).map(String.init)
    let shown = lines.prefix(Self.shownLines).map { line in
      let line = line.hasSuffix(".") ? String(line.dropLast()) : line
      return String(line.printable.prefix(300))
    }
    let names = self.files.joined(separator: ", ").printable
    guard !shown.isEmpty else {
      return DescriptorProblem("protoc does not accept \(names), and does not say why.")
    }
    let isMissing = lines.contains { $0.contains("not found") || $0.contains("No such file") }
    return DescriptorProblem(
      "protoc does not accept \(names): \(shown.joined(separator: "; "))"
        + (isMissing ? "; name the folder that has it with --import-path." : "."))
  }

  /// A path that is no option, and no file of further arguments.
  private static func path(_ text: String) -> String {
    text.hasPrefix("-") || text.hasPrefix("@") ? "./\(text)" : text
  }
}
