import SwiftProtobuf

extension DescriptorPoolBuilder {
  /// A field of a message.
  func descriptor(
    of field: Google_Protobuf_FieldDescriptorProto, in message: DeclaredMessage
  ) throws(DescriptorProblem) -> FieldDescriptor {
    var features = message.features
    if message.proto.options.mapEntry {
      // Whatever the file says, entries and their values have their length before them.
      features.areDelimited = false
    }
    var oneof: Int?
    if field.hasOneofIndex && !field.proto3Optional {
      let index = Int(field.oneofIndex)
      guard message.proto.oneofDecl.indices.contains(index) else {
        throw DescriptorProblem("The field \(message.fullName).\(field.name) is in no oneof.")
      }
      features = features.overridden(by: message.proto.oneofDecl[index].options.features)
      oneof = index
    }
    return try self.descriptor(
      of: field, scope: message.fullName, file: message.file, features, oneof: oneof)
  }

  /// All extensions, with the messages that they extend.
  func extensionDescriptors() throws(DescriptorProblem) -> [DescriptorPool.Extension] {
    var extensions: [DescriptorPool.Extension] = []
    var known: [String: [Int32: String]] = [:]
    for one in self.extensions {
      let used = "The extension \(Self.join(one.scope, one.proto.name))"
      let message = try self.message(one.proto.extendee, in: one.scope, of: one.file, used)
      let extendee = self.messages[message].fullName
      let field = try self.descriptor(
        of: one.proto, scope: one.scope, file: one.file, one.features, oneof: nil)
      if let other = known[extendee, default: [:]].updateValue(field.fullName, forKey: field.number)
      {
        guard other != field.fullName else { continue }
        throw DescriptorProblem(
          "Both \(other) and \(field.fullName) extend \(extendee) at the number \(field.number).")
      }
      extensions.append(.init(extendee: extendee, field: field))
    }
    return extensions
  }

  /// The index of the message that a name means.
  func message(
    _ name: String, in scope: String, of file: Int, _ used: String
  ) throws(DescriptorProblem) -> Int {
    guard case .message(let index) = try self.resolve(name, in: scope, of: file, used) else {
      throw DescriptorProblem("\(used) needs a message, which '\(name)' is not.")
    }
    return index
  }

  private func descriptor(
    of field: Google_Protobuf_FieldDescriptorProto, scope: String, file: Int, _ outer: Features,
    oneof: Int?
  ) throws(DescriptorProblem) -> FieldDescriptor {
    let fullName = Self.join(scope, field.name)
    let isExtension = field.hasExtendee
    guard !field.name.isEmpty, field.number >= 1, field.number < 1 << 29 else {
      throw DescriptorProblem("The field \(fullName) has no valid name and number.")
    }
    let features = outer.overridden(by: field.options.features)
    let kind = try self.kind(of: field, fullName, scope: scope, file: file, features)
    var shape: FieldDescriptor.Shape = field.label == .repeated ? .list : .single
    if shape == .list, case .message(let index) = kind,
      self.messages[index].proto.options.mapEntry
    {
      shape = .map
    }
    let jsonName = field.jsonName.isEmpty ? CamelCase.lower(field.name) : field.jsonName
    return FieldDescriptor(
      name: field.name,
      fullName: fullName,
      jsonName: isExtension ? "[\(fullName)]" : jsonName,
      number: field.number,
      kind: kind,
      shape: shape,
      presence: Self.presence(of: field, kind, oneof: oneof, features),
      isPacked: kind.canBePacked
        && (field.options.hasPacked ? field.options.packed : features.arePacked),
      oneof: shape == .single ? oneof : nil,
      isExtension: isExtension,
      isDeprecated: field.options.deprecated,
      isProto3Optional: field.proto3Optional,
      syntax: features.syntax,
      declaredDefault: field.hasDefaultValue ? field.defaultValue : nil
    )
  }

  private static func presence(
    of field: Google_Protobuf_FieldDescriptorProto, _ kind: FieldKind, oneof: Int?,
    _ features: Features
  ) -> FieldDescriptor.Presence {
    if field.label == .required { return .required }
    if features.presence == .required { return field.hasExtendee ? .explicit : .required }
    let isExplicit =
      field.hasExtendee || field.proto3Optional || oneof != nil || kind.message != nil
    return isExplicit ? .explicit : features.presence
  }

  private func kind(
    of field: Google_Protobuf_FieldDescriptorProto, _ fullName: String, scope: String, file: Int,
    _ features: Features
  ) throws(DescriptorProblem) -> FieldKind {
    // A type may be left out where the name of a type tells it.
    if field.typeName.isEmpty {
      guard let kind = Self.scalar(field.type) else {
        throw DescriptorProblem("The field \(fullName) has no type.")
      }
      return kind
    }
    switch try self.resolve(field.typeName, in: scope, of: file, "The field \(fullName)") {
    case .enumeration(let index): return .enumeration(index)
    case .message(let index):
      let isMap = self.messages[index].proto.options.mapEntry
      let isGroup = field.type == .group || (features.areDelimited && !isMap)
      return isGroup ? .group(index) : .message(index)
    case .service:
      throw DescriptorProblem("The field \(fullName) needs a type, which a service is not.")
    }
  }

  private static func scalar(
    _ type: Google_Protobuf_FieldDescriptorProto.TypeEnum
  ) -> FieldKind? {
    switch type {
    case .double: .double
    case .float: .float
    case .int64: .int64
    case .uint64: .uint64
    case .int32: .int32
    case .fixed64: .fixed64
    case .fixed32: .fixed32
    case .bool: .bool
    case .string: .string
    case .bytes: .bytes
    case .uint32: .uint32
    case .sfixed32: .sfixed32
    case .sfixed64: .sfixed64
    case .sint32: .sint32
    case .sint64: .sint64
    case .group, .message, .enum: nil
    }
  }

  /// What a name means in a scope: with a leading dot it is a full name; else the scopes are searched
  /// from the inside out.
  private func resolve(
    _ name: String, in scope: String, of file: Int, _ used: String
  ) throws(DescriptorProblem) -> DescriptorPool.Symbol {
    if name.hasPrefix(".") {
      if let symbol = self.symbols[String(name.dropFirst())] { return symbol }
    } else {
      var scope = Substring(scope)
      while true {
        if let symbol = self.symbols[Self.join(String(scope), name)] { return symbol }
        if scope.isEmpty { break }
        scope = scope.lastIndex(of: ".").map { scope[..<$0] } ?? ""
      }
    }
    let known = Set(self.files.map(\.name))
    let missing = self.files[file].dependency.filter { !known.contains($0) }
    let why =
      missing.isEmpty
      ? "declared in none of the files"
      : "not declared, as \(missing.joined(separator: " and ")) is missing, which "
        + "\(self.files[file].name) imports"
    throw DescriptorProblem("\(used) uses '\(DescriptorPool.undotted(name))', which is \(why).")
  }
}
