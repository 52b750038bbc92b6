import SwiftProtobuf

/// What an edition, or the syntax before editions, says about the fields in a scope.
struct Features {
  let syntax: FieldDescriptor.Syntax
  var presence: FieldDescriptor.Presence
  var areEnumsClosed: Bool
  var arePacked: Bool
  var areDelimited: Bool

  /// Those of a file: the defaults of its syntax or edition, and what it overrides.
  init(of file: Google_Protobuf_FileDescriptorProto) {
    switch file.syntax {
    case "", "proto2":
      self.init(
        syntax: .proto2, presence: .explicit, areEnumsClosed: true, arePacked: false,
        areDelimited: false)
    case "proto3":
      self.init(
        syntax: .proto3, presence: .implicit, areEnumsClosed: false, arePacked: true,
        areDelimited: false)
    case _:
      self.init(
        syntax: .editions, presence: .explicit, areEnumsClosed: false, arePacked: true,
        areDelimited: false)
    }
    self.override(by: file.options.features)
  }

  private init(
    syntax: FieldDescriptor.Syntax, presence: FieldDescriptor.Presence, areEnumsClosed: Bool,
    arePacked: Bool, areDelimited: Bool
  ) {
    self.syntax = syntax
    self.presence = presence
    self.areEnumsClosed = areEnumsClosed
    self.arePacked = arePacked
    self.areDelimited = areDelimited
  }

  func overridden(by features: Google_Protobuf_FeatureSet) -> Features {
    var copy = self
    copy.override(by: features)
    return copy
  }

  private mutating func override(by features: Google_Protobuf_FeatureSet) {
    switch features.fieldPresence {
    case .implicit: self.presence = .implicit
    case .explicit: self.presence = .explicit
    case .legacyRequired: self.presence = .required
    case .unknown: break
    }
    switch features.enumType {
    case .open: self.areEnumsClosed = false
    case .closed: self.areEnumsClosed = true
    case .unknown: break
    }
    switch features.repeatedFieldEncoding {
    case .packed: self.arePacked = true
    case .expanded: self.arePacked = false
    case .unknown: break
    }
    switch features.messageEncoding {
    case .lengthPrefixed: self.areDelimited = false
    case .delimited: self.areDelimited = true
    case .unknown: break
    }
  }
}
