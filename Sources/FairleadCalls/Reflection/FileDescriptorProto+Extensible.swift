import SwiftProtobuf

extension Google_Protobuf_FileDescriptorProto {
  /// The full names of the messages that other files may extend. The options of .proto files
  /// themselves are left out: what extends them is no data.
  var extensibleMessages: [String] {
    guard self.package != "google.protobuf" else { return [] }
    var names: [String] = []
    for message in self.messageType {
      message.collectExtensible(in: self.package, depth: 0, into: &names)
    }
    return names
  }
}

extension Google_Protobuf_DescriptorProto {
  /// Deeper than anybody nests declarations.
  private static let maximumDepth = 64

  fileprivate func collectExtensible(in scope: String, depth: Int, into names: inout [String]) {
    guard depth < Self.maximumDepth else { return }
    let fullName = scope.isEmpty ? self.name : "\(scope).\(self.name)"
    if !self.extensionRange.isEmpty { names.append(fullName) }
    for nested in self.nestedType {
      nested.collectExtensible(in: fullName, depth: depth + 1, into: &names)
    }
  }
}
