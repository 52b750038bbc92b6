import Foundation
import SwiftProtobuf

/// What a server can say about its own services: files, the symbols in them, and extensions.
///
/// A pure value: the reflection services of every version answer from it.
package struct ReflectionIndex: Sendable {
  /// The full names of all services, sorted.
  package let services: [String]

  private var files: [String: File] = [:]
  private var fileOfSymbol: [String: String] = [:]
  private var fileOfExtension: [ExtensionKey: String] = [:]

  private struct File {
    var serialized: Data
    var imports: [String]
  }

  private struct ExtensionKey: Hashable {
    var extendedType: String
    var number: Int32
  }

  /// - Parameter files: The files to describe, in any order, with all that they import.
  /// - Throws: When a description cannot be serialised again.
  package init(_ files: Google_Protobuf_FileDescriptorSet) throws {
    self.services = files.file
      .flatMap { file in file.service.map { Self.join(file.package, $0.name) } }
      .sorted()
    for file in files.file {
      self.files[file.name] = File(
        serialized: try file.serializedData(),
        imports: file.dependency
      )
      self.index(file)
    }
  }

  /// The serialised file of that name with all it imports, the file itself first; nil if unknown.
  package func files(named name: String) -> [Data]? {
    guard self.files[name] != nil else { return nil }
    var names = [name]
    var seen: Set<String> = [name]
    var next = 0
    while next < names.count {
      for imported in self.files[names[next]]?.imports ?? [] {
        if seen.insert(imported).inserted {
          names.append(imported)
        }
      }
      next += 1
    }
    return names.compactMap { self.files[$0]?.serialized }
  }

  /// The file that declares a service, method, message, field, enum, value or extension.
  package func files(declaring symbol: String) -> [Data]? {
    self.fileOfSymbol[symbol].flatMap { self.files(named: $0) }
  }

  /// The file that extends a message at a field number.
  package func files(extending type: String, at number: Int32) -> [Data]? {
    self.fileOfExtension[ExtensionKey(extendedType: type, number: number)]
      .flatMap { self.files(named: $0) }
  }

  /// The field numbers at which a message is extended, sorted; nil if it is not a known message.
  package func extensionNumbers(of type: String) -> [Int32]? {
    guard self.fileOfSymbol[type] != nil else { return nil }
    return self.fileOfExtension.keys.filter { $0.extendedType == type }.map(\.number).sorted()
  }
}

extension ReflectionIndex {
  private static func join(_ scope: String, _ name: String) -> String {
    scope.isEmpty ? name : "\(scope).\(name)"
  }

  private mutating func index(_ file: Google_Protobuf_FileDescriptorProto) {
    for service in file.service {
      let name = Self.join(file.package, service.name)
      self.fileOfSymbol[name] = file.name
      for method in service.method {
        self.fileOfSymbol[Self.join(name, method.name)] = file.name
      }
    }
    for message in file.messageType {
      self.index(message, in: file.package, of: file.name)
    }
    for type in file.enumType {
      self.index(type, in: file.package, of: file.name)
    }
    for field in file.extension {
      self.index(extension: field, in: file.package, of: file.name)
    }
  }

  private mutating func index(
    _ message: Google_Protobuf_DescriptorProto,
    in scope: String,
    of file: String
  ) {
    let name = Self.join(scope, message.name)
    self.fileOfSymbol[name] = file
    for field in message.field {
      self.fileOfSymbol[Self.join(name, field.name)] = file
    }
    for oneof in message.oneofDecl {
      self.fileOfSymbol[Self.join(name, oneof.name)] = file
    }
    for nested in message.nestedType {
      self.index(nested, in: name, of: file)
    }
    for type in message.enumType {
      self.index(type, in: name, of: file)
    }
    for field in message.extension {
      self.index(extension: field, in: name, of: file)
    }
  }

  /// An enum's values are declared beside it, not within it, as in C++.
  private mutating func index(
    _ type: Google_Protobuf_EnumDescriptorProto,
    in scope: String,
    of file: String
  ) {
    self.fileOfSymbol[Self.join(scope, type.name)] = file
    for value in type.value {
      self.fileOfSymbol[Self.join(scope, value.name)] = file
    }
  }

  private mutating func index(
    extension field: Google_Protobuf_FieldDescriptorProto,
    in scope: String,
    of file: String
  ) {
    self.fileOfSymbol[Self.join(scope, field.name)] = file
    // The extended type is written with a leading dot: fully qualified.
    let extended =
      field.extendee.hasPrefix(".") ? String(field.extendee.dropFirst()) : field.extendee
    self.fileOfExtension[ExtensionKey(extendedType: extended, number: field.number)] = file
  }
}
