/// Makes messages of JSON.
struct JSONInput {
  let pool: DescriptorPool

  /// - Parameter depth: How deep the message is nested; 1 for the outermost.
  func message(
    _ value: JSONValue, as type: MessageDescriptor, depth: Int
  ) throws(CodecProblem) -> DynamicMessage {
    guard depth <= MessageCodec.maximumDepth else { throw .tooDeep }
    guard let wellKnown = type.wellKnown else {
      guard case .object(let members) = value else {
        throw CodecProblem("an object is wanted for \(type.fullName), not \(value.summary)")
      }
      return try self.message(members, as: type, depth: depth)
    }
    return try self.message(value, as: type, wellKnown, depth: depth)
  }

  /// A message without a JSON form of its own.
  func message(
    _ members: [JSONValue.Member], as type: MessageDescriptor, depth: Int
  ) throws(CodecProblem) -> DynamicMessage {
    var message = DynamicMessage(type)
    var seen: Set<Int32> = []
    for member in members {
      let field = try self.field(member.key, of: type)
      guard seen.insert(field.number).inserted else {
        throw CodecProblem("the field is there twice, by both of its names").inside(field)
      }
      do throws(CodecProblem) {
        try self.set(field, to: member.value, in: &message, depth: depth)
      } catch {
        throw error.inside(field)
      }
    }
    return message
  }

  private func field(
    _ key: String, of type: MessageDescriptor
  ) throws(CodecProblem) -> FieldDescriptor {
    if let field = type.field(named: key) { return field }
    let extensions = self.pool.extensionsByNumber[type.fullName] ?? [:]
    if key.hasPrefix("["), key.hasSuffix("]") {
      let name = String(key.dropFirst().dropLast())
      if let field = self.pool.extension(named: name),
        extensions[field.number]?.fullName == field.fullName
      {
        return field
      }
    }
    let names = type.fields.flatMap { [$0.jsonName, $0.name] } + extensions.values.map(\.jsonName)
    let near = Spelling.hint(for: key, among: names)
    throw CodecProblem("there is no field \(JSONValue.quoted(key)) in \(type.fullName)\(near)")
  }

  private func set(
    _ field: FieldDescriptor, to value: JSONValue, in message: inout DynamicMessage, depth: Int
  ) throws(CodecProblem) {
    // Null is the same as not being there, where it is not a value.
    let isNullValue = field.shape == .single && self.hasNull(field.kind)
    if value == .null, !isNullValue { return }
    if let other = message.hasOther(than: field) {
      let name = message.descriptor.field(number: other)?.name ?? ""
      throw CodecProblem("'\(name)' of the same oneof is set already")
    }
    switch field.shape {
    case .single:
      message.set(field, to: try self.value(value, field.kind, depth: depth))
    case .list:
      guard case .array(let items) = value else {
        throw CodecProblem("a list is wanted, not \(value.summary)")
      }
      message.lists[field.number] = try self.list(items, field.kind, depth: depth)
    case .map:
      guard case .object(let members) = value else {
        throw CodecProblem("an object is wanted for the map, not \(value.summary)")
      }
      message.maps[field.number] = try self.map(members, field.kind, depth: depth)
    }
  }

  private func list(
    _ items: [JSONValue], _ kind: FieldKind, depth: Int
  ) throws(CodecProblem) -> [FieldValue]? {
    var values: [FieldValue] = []
    values.reserveCapacity(items.count)
    for (index, item) in items.enumerated() {
      do throws(CodecProblem) {
        values.append(try self.element(item, kind, depth: depth))
      } catch {
        throw error.inside("[\(index)]")
      }
    }
    return values.isEmpty ? nil : values
  }

  private func map(
    _ members: [JSONValue.Member], _ entry: FieldKind, depth: Int
  ) throws(CodecProblem) -> [MapKey: FieldValue]? {
    guard let index = entry.message,
      let keyField = self.pool.allMessages[index].field(number: 1),
      let valueField = self.pool.allMessages[index].field(number: 2)
    else { return nil }
    var map: [MapKey: FieldValue] = [:]
    for member in members {
      do throws(CodecProblem) {
        let key = try self.key(member.key, keyField.kind)
        let value = try self.element(member.value, valueField.kind, depth: depth)
        guard map.updateValue(value, forKey: key) == nil else {
          throw CodecProblem("the key is there twice, spelled differently")
        }
      } catch {
        throw error.inside("[\(JSONValue.quoted(member.key))]")
      }
    }
    return map.isEmpty ? nil : map
  }

  /// A value in a list or a map, where null must not be unless it is a value.
  private func element(
    _ value: JSONValue, _ kind: FieldKind, depth: Int
  ) throws(CodecProblem) -> FieldValue {
    guard value != .null || self.hasNull(kind) else {
      throw CodecProblem("null cannot be a value in a list or a map")
    }
    return try self.value(value, kind, depth: depth)
  }

  private func value(
    _ value: JSONValue, _ kind: FieldKind, depth: Int
  ) throws(CodecProblem) -> FieldValue {
    guard let index = kind.message else { return try self.scalar(value, kind) }
    return .message(try self.message(value, as: self.pool.allMessages[index], depth: depth + 1))
  }

  /// Whether null is a value of it: `google.protobuf.Value` and `NullValue`.
  private func hasNull(_ kind: FieldKind) -> Bool {
    if case .enumeration(let index) = kind { return self.pool.allEnums[index].isNull }
    return kind.message.map { self.pool.allMessages[$0].wellKnown == .value } ?? false
  }
}
