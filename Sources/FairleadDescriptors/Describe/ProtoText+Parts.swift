extension ProtoText {
  /// The message of a proto2 group, which is declared with its field; others are elsewhere.
  func group(_ field: FieldDescriptor) -> Int? {
    guard case .group(let index) = field.kind else { return nil }
    let message = self.pool.allMessages[index]
    // Groups of proto2 alone are named by their message, in the scope of the field.
    let scope = field.fullName.dropLast(field.name.utf8.count)
    return message.name.lowercased() == field.name && message.fullName == scope + message.name
      ? index : nil
  }

  func label(of field: FieldDescriptor) -> String {
    switch field.shape {
    case .map: return ""
    case .list: return "repeated "
    case .single: break
    }
    switch field.presence {
    case .implicit: return ""
    case .required: return "required "
    case .explicit:
      // The presence of messages goes without saying, but for groups.
      return field.kind.message == nil || self.group(field) != nil ? "optional " : ""
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
    if case .group = field.kind, self.group(field) == nil {
      options.append("features.message_encoding = DELIMITED")
    }
    if field.isDeprecated { options.append("deprecated = true") }
    return options.isEmpty ? "" : " [\(options.joined(separator: ", "))]"
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
