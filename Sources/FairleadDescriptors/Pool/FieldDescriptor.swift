/// A field of a message, or an extension, with all that its file says about it resolved.
package final class FieldDescriptor: Sendable {
  package enum Shape: Sendable, Hashable {
    case single, list, map
  }

  package enum Presence: Sendable, Hashable {
    /// Zero is the same as not being there: it is not on the wire.
    case implicit
    case explicit
    case required
  }

  /// What its file is written in, which decides how it is described.
  package enum Syntax: Sendable, Hashable {
    case proto2, proto3, editions
  }

  package let name: String
  /// With the package and the messages around it, without a leading dot.
  package let fullName: String
  /// The key in canonical JSON; `[full.name]` of an extension.
  package let jsonName: String
  package let number: Int32
  package let kind: FieldKind
  package let shape: Shape
  /// Counts for single fields alone.
  package let presence: Presence
  /// Whether a list is written as one run.
  package let isPacked: Bool
  /// The index of its oneof in the message; nil for the synthetic one of an `optional` field.
  package let oneof: Int?
  package let isExtension: Bool
  package let isDeprecated: Bool
  /// `optional` is written before it in a proto3 file.
  package let isProto3Optional: Bool
  package let syntax: Syntax
  /// As in the file: `C`-escaped for bytes; nil if none was declared.
  package let declaredDefault: String?

  init(
    name: String, fullName: String, jsonName: String, number: Int32, kind: FieldKind, shape: Shape,
    presence: Presence, isPacked: Bool, oneof: Int?, isExtension: Bool, isDeprecated: Bool,
    isProto3Optional: Bool, syntax: Syntax, declaredDefault: String?
  ) {
    self.name = name
    self.fullName = fullName
    self.jsonName = jsonName
    self.number = number
    self.kind = kind
    self.shape = shape
    self.presence = presence
    self.isPacked = isPacked
    self.oneof = oneof
    self.isExtension = isExtension
    self.isDeprecated = isDeprecated
    self.isProto3Optional = isProto3Optional
    self.syntax = syntax
    self.declaredDefault = declaredDefault
  }

  /// The key to print: the JSON name, or the one of the .proto file.
  func key(keepingProtoName: Bool) -> String {
    keepingProtoName && !self.isExtension ? self.name : self.jsonName
  }
}
