/// Shows messages as JSON.
struct JSONOutput {
  let pool: DescriptorPool
  let options: JSONOptions

  /// - Parameter depth: How deep the message is nested; 1 for the outermost.
  func value(of message: DynamicMessage, depth: Int) throws(CodecProblem) -> JSONValue {
    guard depth <= MessageCodec.maximumDepth else { throw .tooDeep }
    guard let wellKnown = message.descriptor.wellKnown else {
      return .object(try self.members(of: message, depth: depth))
    }
    return try self.value(of: message, wellKnown, depth: depth)
  }

  /// The fields of a message without a JSON form of its own.
  func members(
    of message: DynamicMessage, depth: Int
  ) throws(CodecProblem) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    let type = message.descriptor
    for field in type.fields {
      try self.add(field, of: message, to: &members, depth: depth)
    }
    if !type.extensionRanges.isEmpty {
      for field in self.pool.extensions(of: type) {
        try self.add(field, of: message, to: &members, depth: depth)
      }
    }
    if self.options.showsUnknown {
      members += UnknownFieldText.members(of: message.unknown)
    }
    return members
  }

  private func add(
    _ field: FieldDescriptor, of message: DynamicMessage, to members: inout [JSONValue.Member],
    depth: Int
  ) throws(CodecProblem) {
    do throws(CodecProblem) {
      guard let value = try self.value(of: field, in: message, depth: depth) else { return }
      members.append(.init(field.key(keepingProtoName: self.options.keepsProtoNames), value))
    } catch {
      throw error.inside(field)
    }
  }

  /// Nil if the field is not shown.
  private func value(
    of field: FieldDescriptor, in message: DynamicMessage, depth: Int
  ) throws(CodecProblem) -> JSONValue? {
    let printsEmpty = self.options.printsDefaults && !field.isExtension
    switch field.shape {
    case .single:
      let value = message.single(field.number)
      if field.presence != .implicit {
        guard let value else { return nil }
        return try self.value(value, field.kind, depth: depth)
      }
      let shown = value ?? self.pool.zero(of: field.kind)
      guard printsEmpty || !shown.isZero else { return nil }
      return try self.value(shown, field.kind, depth: depth)
    case .list:
      guard let items = message.lists[field.number] else { return printsEmpty ? .array([]) : nil }
      return try self.list(items, field.kind, depth: depth)
    case .map:
      guard let map = message.maps[field.number] else { return printsEmpty ? .object([]) : nil }
      return .object(try self.map(map, field.kind, depth: depth))
    }
  }

  func list(
    _ items: [FieldValue], _ kind: FieldKind, depth: Int
  ) throws(CodecProblem) -> JSONValue {
    var values: [JSONValue] = []
    values.reserveCapacity(items.count)
    for (index, item) in items.enumerated() {
      do throws(CodecProblem) {
        values.append(try self.value(item, kind, depth: depth))
      } catch {
        throw error.inside("[\(index)]")
      }
    }
    return .array(values)
  }

  func map(
    _ map: [MapKey: FieldValue], _ entry: FieldKind, depth: Int
  ) throws(CodecProblem) -> [JSONValue.Member] {
    guard let index = entry.message,
      let valueField = self.pool.allMessages[index].field(number: 2)
    else { return [] }
    var members: [JSONValue.Member] = []
    for (key, value) in map.sorted(by: { $0.key < $1.key }) {
      do throws(CodecProblem) {
        members.append(.init(key.text, try self.value(value, valueField.kind, depth: depth)))
      } catch {
        throw error.inside("[\(JSONValue.quoted(key.text))]")
      }
    }
    return members
  }

  func value(
    _ value: FieldValue, _ kind: FieldKind, depth: Int
  ) throws(CodecProblem) -> JSONValue {
    switch value {
    case .bool(let value): return .bool(value)
    case .int(let number): return self.value(number, kind)
    case .uint(let number):
      let text = String(number)
      return kind == .uint64 || kind == .fixed64 ? .string(text) : .number(text)
    case .float(let number): return Self.value(number)
    case .double(let number): return Self.value(number)
    case .string(let text): return .string(text)
    case .bytes(let bytes): return .string(Base64.encode(bytes))
    case .message(let message): return try self.value(of: message, depth: depth + 1)
    }
  }

  private func value(_ number: Int64, _ kind: FieldKind) -> JSONValue {
    if case .enumeration(let index) = kind {
      let type = self.pool.allEnums[index]
      if type.isNull { return .null }
      let name = type.name(of: Int32(truncatingIfNeeded: number))
      return name.map { .string($0) } ?? .number(String(number))
    }
    let isLong = kind == .int64 || kind == .sint64 || kind == .sfixed64
    return isLong ? .string(String(number)) : .number(String(number))
  }

  private static func value<T: BinaryFloatingPoint & LosslessStringConvertible>(
    _ number: T
  ) -> JSONValue {
    if let text = JSONNumber.text(number) { return .number(text) }
    if number.isNaN { return .string("NaN") }
    return .string(number > 0 ? "Infinity" : "-Infinity")
  }
}
