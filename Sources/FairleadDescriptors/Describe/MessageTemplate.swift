/// Makes an example of a message: every field is there, with a value to be replaced.
struct MessageTemplate {
  private let pool: DescriptorPool
  /// How many fields may be written yet: types that hold each other widely would never end.
  private var budget = 1000
  /// The messages that are being written, as one that holds itself would never end either.
  private var outer: [String] = []

  init(pool: DescriptorPool) {
    self.pool = pool
  }

  mutating func value(of type: MessageDescriptor) -> JSONValue {
    if let wellKnown = type.wellKnown { return self.value(of: wellKnown) }
    self.outer.append(type.fullName)
    defer { self.outer.removeLast() }
    var members: [JSONValue.Member] = []
    var oneofs: Set<Int> = []
    for field in type.fields {
      // Of a oneof, the first field alone: two would be an error.
      if let oneof = field.oneof, !oneofs.insert(oneof).inserted { continue }
      guard self.budget > 0 || field.presence == .required else { continue }
      self.budget -= 1
      if let value = self.value(of: field) {
        members.append(.init(field.jsonName, value))
      }
    }
    return .object(members)
  }

  /// Nil for a field that leads back to a message around it.
  private mutating func value(of field: FieldDescriptor) -> JSONValue? {
    switch field.shape {
    case .single: return self.value(of: field.kind, declaredDefault: field.declaredDefault)
    case .list:
      return .array(self.value(of: field.kind, declaredDefault: nil).map { [$0] } ?? [])
    case .map:
      guard let index = field.kind.message,
        let key = self.pool.allMessages[index].field(number: 1),
        let valueField = self.pool.allMessages[index].field(number: 2)
      else { return nil }
      guard let value = self.value(of: valueField.kind, declaredDefault: nil) else {
        return .object([])
      }
      let text = MapKey(self.pool.zero(of: key.kind))?.text ?? ""
      return .object([.init(text, value)])
    }
  }

  private mutating func value(of kind: FieldKind, declaredDefault: String?) -> JSONValue? {
    switch kind {
    case .message(let index), .group(let index):
      let type = self.pool.allMessages[index]
      guard !self.outer.contains(type.fullName), self.outer.count < 20 else { return nil }
      return self.value(of: type)
    case .string: return .string(declaredDefault ?? "")
    case .bytes: return .string("")
    case .bool: return .bool(declaredDefault == "true")
    case .int64, .uint64, .sint64, .fixed64, .sfixed64: return .string(declaredDefault ?? "0")
    case .double, .float, .int32, .uint32, .sint32, .fixed32, .sfixed32:
      // It may be `inf`.
      let text = declaredDefault ?? "0"
      return .number(JSONNumber.isValid(text.utf8) ? text : "0")
    case .enumeration(let index):
      let type = self.pool.allEnums[index]
      if type.isNull { return .null }
      return .string(declaredDefault ?? type.values.first?.name ?? "")
    }
  }

  private func value(of wellKnown: WellKnownType) -> JSONValue {
    switch wellKnown {
    case .any:
      .object([.init("@type", .string("type.googleapis.com/google.protobuf.Empty"))])
    case .timestamp: .string("1970-01-01T00:00:00Z")
    case .duration: .string("0s")
    case .fieldMask, .stringValue, .bytesValue: .string("")
    case .struct: .object([])
    case .value: .null
    case .listValue: .array([])
    case .int64Value, .uint64Value: .string("0")
    case .doubleValue, .floatValue, .int32Value, .uint32Value: .number("0")
    case .boolValue: .bool(false)
    }
  }
}

extension DescriptorPool {
  /// An example of a message in JSON: every field is there, with a value to be replaced.
  ///
  /// Of a oneof it has the first field; fields that lead back to a message around them are left out.
  package func template(of type: MessageDescriptor) -> JSONValue {
    var template = MessageTemplate(pool: self)
    return template.value(of: type)
  }
}
