import SwiftProtobuf

/// A file with well-known types, as text: for a `protoc` that comes without these files, as Debian's does.
package struct WellKnownFile: Sendable {
  /// As other files import it: `google/protobuf/any.proto`.
  package let path: String
  /// What it declares, without comments and without options that say nothing of the wire.
  package let text: String

  /// All that are built in.
  package static func all() throws(DescriptorProblem) -> [WellKnownFile] {
    let pool = try DescriptorPool([])
    var files: [WellKnownFile] = []
    for file in DescriptorPool.wellKnownFiles {
      files.append(try WellKnownFile(file, in: pool))
    }
    return files
  }

  private init(
    _ file: Google_Protobuf_FileDescriptorProto, in pool: DescriptorPool
  ) throws(DescriptorProblem) {
    self.path = file.name
    var parts = [
      "syntax = \"\(file.syntax.isEmpty ? "proto2" : file.syntax)\";", "package \(file.package);",
    ]
    parts += file.dependency.map { "import \"\($0)\";" }
    for name in file.messageType.map(\.name) + file.enumType.map(\.name) {
      parts.append(try pool.describe("\(file.package).\(name)"))
    }
    self.text = parts.joined(separator: "\n") + "\n"
  }
}
