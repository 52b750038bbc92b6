extension ProtoText {
  /// The message of a proto2 group, which is declared with its field.
  func group(_ field: FieldDescriptor) -> Int? {
    guard case .group(let index) = field.kind, field.syntax == .proto2 else { return nil }
    return index
  }

  func label(of field: FieldDescriptor) -> String {
    switch field.shape {
    case .map: return ""
    case .list: return "repeated "
    case .single: break
    }
    switch (field.syntax, field.presence) {
    case (.proto2, .required): return "required "
    case (.proto2, .explicit): return "optional "
    case (.proto3, .explicit): return field.isProto3Optional ? "optional " : ""
    case (.proto2, .implicit), (.proto3, .implicit), (.proto3, .required): return ""
    case (.editions, _): return ""
    }
  }

  func type(of field: FieldDescriptor) -> String {
    if field.shape == .map, let index = field.kind.message,
      let key = self.pool.allMessages[index].field(number: 1),
      let value = self.pool.allMessages[index].field(number: 2)
    {
      return "map<\(self.name(of: key.kind)), \(self.name(of: value.kind))>"
    }
    return self.name(of: field.kind)
  }

  func options(of field: FieldDescriptor) -> String {
    var options: [String] = []
    if let text = field.declaredDefault {
      options.append("default = \(self.literal(text, field.kind))")
    }
    if !field.isExtension, field.jsonName != CamelCase.lower(field.name),
      self.group(field) == nil
    {
      options.append("json_name = \(JSONValue.string(field.jsonName).text())")
    }
    options += self.encoding(of: field)
    if field.isDeprecated { options.append("deprecated = true") }
    return options.isEmpty ? "" : " [\(options.joined(separator: ", "))]"
  }

  /// How it is on the wire, where that is not the rule of its syntax.
  private func encoding(of field: FieldDescriptor) -> [String] {
    var options: [String] = []
    if field.shape == .list, field.kind.canBePacked {
      switch (field.syntax, field.isPacked) {
      case (.proto2, true): options.append("packed = true")
      case (.proto3, false): options.append("packed = false")
      case (.editions, false): options.append("features.repeated_field_encoding = EXPANDED")
      case (.proto2, false), (.proto3, true), (.editions, true): break
      }
    }
    guard field.syntax == .editions else { return options }
    if field.shape == .single, field.presence == .implicit {
      options.append("features.field_presence = IMPLICIT")
    } else if field.shape == .single, field.presence == .required {
      options.append("features.field_presence = LEGACY_REQUIRED")
    }
    if case .group = field.kind {
      options.append("features.message_encoding = DELIMITED")
    }
    return options
  }

  mutating func deprecation(_ isDeprecated: Bool) {
    if isDeprecated { self.line("option deprecated = true;") }
  }

  mutating func reserved(_ ranges: [(Int, Int)], maximum: Int, _ names: [String]) {
    if !ranges.isEmpty {
      self.line("reserved \(Self.text(of: ranges, maximum: maximum));")
    }
    if !names.isEmpty {
      self.line("reserved \(names.map { "\"\($0)\"" }.joined(separator: ", "));")
    }
  }

  /// `4, 10 to 20, 100 to max`.
  static func text(of ranges: [(Int, Int)], maximum: Int) -> String {
    let parts = ranges.map { first, last in
      if first == last { return "\(first)" }
      return "\(first) to \(last >= maximum ? "max" : String(last))"
    }
    return parts.joined(separator: ", ")
  }

  /// A default: text is quoted, bytes are escaped in the descriptor already.
  private func literal(_ text: String, _ kind: FieldKind) -> String {
    switch kind {
    case .string: JSONValue.string(text).text()
    case .bytes: "\"\(text)\""
    case .double, .float, .int32, .int64, .uint32, .uint64, .sint32, .sint64, .fixed32, .fixed64,
      .sfixed32, .sfixed64, .bool, .enumeration, .message, .group:
      text
    }
  }

  private func name(of kind: FieldKind) -> String {
    switch kind {
    case .double: "double"
    case .float: "float"
    case .int32: "int32"
    case .int64: "int64"
    case .uint32: "uint32"
    case .uint64: "uint64"
    case .sint32: "sint32"
    case .sint64: "sint64"
    case .fixed32: "fixed32"
    case .fixed64: "fixed64"
    case .sfixed32: "sfixed32"
    case .sfixed64: "sfixed64"
    case .bool: "bool"
    case .string: "string"
    case .bytes: "bytes"
    case .message(let index), .group(let index): self.pool.allMessages[index].fullName
    case .enumeration(let index): self.pool.allEnums[index].fullName
    }
  }
}
