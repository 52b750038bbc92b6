import SwiftProtobuf

/// All that some .proto files declare, by name: services, methods, messages, enums and extensions.
///
/// An immutable value, made once from the descriptors of the files; the well-known types of
/// `google/protobuf/*.proto` are always in it. Names are full names, `package.Message.Nested`, and may
/// have a leading dot.
package struct DescriptorPool: Sendable {
  /// Sorted by full name.
  package let services: [ServiceDescriptor]
  /// The names of the files that it was made from, as they were given.
  package let files: [String]

  let allMessages: [MessageDescriptor]
  let allEnums: [EnumDescriptor]
  let symbols: [String: Symbol]
  let extensionsByName: [String: FieldDescriptor]
  let extensionsByNumber: [String: [Int32: FieldDescriptor]]
  /// Messages and enums before these were built in.
  let firstMessage: Int
  let firstEnum: Int

  enum Symbol: Sendable {
    case message(Int)
    case enumeration(Int)
    case service(Int)
  }

  /// - Parameter files: The files in any order. One may be there twice. Imports of well-known types
  ///   may be left out; other imports only if nothing in them is used.
  /// - Throws: When the files contradict themselves or each other, or use a type that none declares.
  package init(_ files: [Google_Protobuf_FileDescriptorProto]) throws(DescriptorProblem) {
    var builder = DescriptorPoolBuilder()
    try builder.add(Self.wellKnownFiles)
    builder.endBuiltIn()
    try builder.add(files)
    self = try builder.pool()
  }

  /// - Parameter descriptorSet: A serialised `google.protobuf.FileDescriptorSet`, as of
  ///   `protoc --descriptor_set_out --include_imports`.
  package init(descriptorSet: [UInt8]) throws(DescriptorProblem) {
    try self.init(try Self.files(descriptorSet: descriptorSet))
  }

  /// - Parameter serializedFiles: Serialised `google.protobuf.FileDescriptorProto`s, as server
  ///   reflection answers them.
  package init(serializedFiles: [[UInt8]]) throws(DescriptorProblem) {
    var files: [Google_Protobuf_FileDescriptorProto] = []
    for bytes in serializedFiles {
      files.append(try Self.file(serialized: bytes))
    }
    try self.init(files)
  }

  init(
    services: [ServiceDescriptor], files: [String], messages: [MessageDescriptor],
    enums: [EnumDescriptor], symbols: [String: Symbol], extensions: [Extension], firstMessage: Int,
    firstEnum: Int
  ) {
    self.services = services
    self.files = files
    self.allMessages = messages
    self.allEnums = enums
    self.symbols = symbols
    self.firstMessage = firstMessage
    self.firstEnum = firstEnum
    var byName: [String: FieldDescriptor] = [:]
    var byNumber: [String: [Int32: FieldDescriptor]] = [:]
    for one in extensions {
      byName[one.field.fullName] = one.field
      byNumber[one.extendee, default: [:]][one.field.number] = one.field
    }
    self.extensionsByName = byName
    self.extensionsByNumber = byNumber
  }

  struct Extension {
    var extendee: String
    var field: FieldDescriptor
  }
}

extension DescriptorPool {
  /// Reads a serialised `google.protobuf.FileDescriptorSet`.
  package static func files(
    descriptorSet bytes: [UInt8]
  ) throws(DescriptorProblem) -> [Google_Protobuf_FileDescriptorProto] {
    do {
      return try Google_Protobuf_FileDescriptorSet(serializedBytes: bytes).file
    } catch {
      throw DescriptorProblem(
        "The bytes are no descriptor set: make one with protoc --descriptor_set_out.")
    }
  }

  /// Reads one answer of server reflection.
  package static func file(
    serialized bytes: [UInt8]
  ) throws(DescriptorProblem) -> Google_Protobuf_FileDescriptorProto {
    do {
      return try Google_Protobuf_FileDescriptorProto(serializedBytes: bytes)
    } catch {
      throw DescriptorProblem("The bytes are no description of a .proto file.")
    }
  }

  /// The files that these import, and that are neither among them nor built in; sorted.
  package static func missingImports(of files: [Google_Protobuf_FileDescriptorProto]) -> [String] {
    let known = self.wellKnownNames.union(files.map(\.name))
    return Set(files.flatMap(\.dependency)).subtracting(known).sorted()
  }

  /// Those of `google/protobuf/*.proto`.
  static let wellKnownFiles: [Google_Protobuf_FileDescriptorProto] = {
    guard let bytes = Base64.decode(Array(wellKnownDescriptors.utf8)),
      let set = try? Google_Protobuf_FileDescriptorSet(serializedBytes: bytes)
    else {
      preconditionFailure("WellKnownDescriptors.swift is damaged: run scripts/generate-protos.")
    }
    return set.file
  }()

  private static let wellKnownNames = Set(wellKnownFiles.map(\.name))
}
