/// Reads messages from the wire.
struct WireInput {
  private let pool: DescriptorPool
  private let keepsUnknown: Bool
  private var reader: WireReader

  static func message(
    _ bytes: [UInt8], as type: MessageDescriptor, pool: DescriptorPool, keepsUnknown: Bool,
    depth: Int
  ) throws(CodecProblem) -> DynamicMessage {
    var input = WireInput(
      pool: pool, keepsUnknown: keepsUnknown, reader: WireReader(bytes))
    var message = DynamicMessage(type)
    try input.read(into: &message, group: nil, depth: depth)
    return message
  }

  /// Reads fields to the end of the part, or to the end tag of a group.
  private mutating func read(
    into message: inout DynamicMessage, group: Int32?, depth: Int
  ) throws(CodecProblem) {
    guard depth <= MessageCodec.maximumDepth else { throw .tooDeep }
    while !self.reader.isAtEnd {
      let tag = try self.reader.tag()
      if tag.type == .endGroup, tag.number == group { return }
      if let field = self.pool.field(tag.number, of: message.descriptor) {
        let isRead: Bool
        do throws(CodecProblem) {
          isRead = try self.read(field, tag.type, into: &message, depth)
        } catch {
          throw error.inside(field)
        }
        if isRead { continue }
      }
      if self.keepsUnknown {
        message.unknown.append(try self.reader.unknown(tag.number, tag.type, depth: depth))
      } else {
        try self.reader.skip(tag.number, tag.type, depth: depth)
      }
    }
    guard group == nil else { throw CodecProblem("the group has no end") }
  }

  /// Answers false, and has read nothing, if the wire type is not the field's: it is unknown then.
  private mutating func read(
    _ field: FieldDescriptor, _ type: WireType, into message: inout DynamicMessage, _ depth: Int
  ) throws(CodecProblem) -> Bool {
    guard type == field.kind.wireType else {
      guard type == .lengthDelimited, field.shape == .list, field.kind.canBePacked else {
        return false
      }
      try self.readPacked(field, into: &message)
      return true
    }
    switch field.shape {
    case .map:
      try self.readEntry(of: field, into: &message, depth)
    case .single:
      guard let index = field.kind.message else {
        self.store(try self.scalar(field.kind), field, in: &message)
        return true
      }
      let group: Int32? = type == .startGroup ? field.number : nil
      try message.update(field, of: self.pool.allMessages[index]) { (inner) throws(CodecProblem) in
        try self.readMessage(into: &inner, group, depth)
      }
    case .list:
      guard let index = field.kind.message else {
        self.store(try self.scalar(field.kind), field, in: &message)
        return true
      }
      let group: Int32? = type == .startGroup ? field.number : nil
      var item = DynamicMessage(self.pool.allMessages[index])
      do throws(CodecProblem) {
        try self.readMessage(into: &item, group, depth)
      } catch {
        throw error.inside("[\(message.lists[field.number]?.count ?? 0)]")
      }
      message.lists[field.number, default: []].append(.message(item))
    }
    return true
  }

  private mutating func readMessage(
    into message: inout DynamicMessage, _ group: Int32?, _ depth: Int
  ) throws(CodecProblem) {
    if let group {
      try self.read(into: &message, group: group, depth: depth + 1)
      return
    }
    let outer = try self.reader.enter()
    try self.read(into: &message, group: nil, depth: depth + 1)
    self.reader.leave(to: outer)
  }

  private mutating func readPacked(
    _ field: FieldDescriptor, into message: inout DynamicMessage
  ) throws(CodecProblem) {
    let outer = try self.reader.enter()
    while !self.reader.isAtEnd {
      self.store(try self.scalar(field.kind), field, in: &message)
    }
    self.reader.leave(to: outer)
  }

  /// An entry of a map: a key or a value that is not there is zero or empty.
  private mutating func readEntry(
    of field: FieldDescriptor, into message: inout DynamicMessage, _ depth: Int
  ) throws(CodecProblem) {
    guard let index = field.kind.message else { return }
    let type = self.pool.allMessages[index]
    var entry = DynamicMessage(type)
    // An entry is no level of its own: its value is the next one.
    try self.readMessage(into: &entry, nil, depth - 1)
    guard let keyField = type.field(number: 1), let valueField = type.field(number: 2),
      let key = MapKey(entry.single(1) ?? self.pool.zero(of: keyField.kind))
    else { return }
    guard entry.single(2) != nil || !entry.unknown.contains(where: { $0.number == 2 }) else {
      // The value is of an enum that does not have it.
      message.unknown += entry.unknown
      return
    }
    let value = entry.single(2) ?? self.pool.zero(of: valueField.kind)
    message.maps[field.number, default: [:]][key] = value
  }

  /// Puts a scalar in its place; a number that a closed enum does not have is an unknown field.
  private func store(
    _ value: FieldValue, _ field: FieldDescriptor, in message: inout DynamicMessage
  ) {
    if case .enumeration(let index) = field.kind, case .int(let number) = value {
      let type = self.pool.allEnums[index]
      if type.isClosed, type.name(of: Int32(truncatingIfNeeded: number)) == nil {
        if self.keepsUnknown || message.descriptor.isMapEntry {
          message.unknown.append(
            UnknownField(number: field.number, value: .varint(UInt64(bitPattern: number))))
        }
        return
      }
    }
    if field.shape == .list {
      message.lists[field.number, default: []].append(value)
    } else {
      message.set(field, to: value)
    }
  }

  private mutating func scalar(_ kind: FieldKind) throws(CodecProblem) -> FieldValue {
    switch kind {
    case .double: .double(Double(bitPattern: try self.reader.fixed64()))
    case .float: .float(Float(bitPattern: try self.reader.fixed32()))
    case .int32, .enumeration:
      .int(Int64(Int32(truncatingIfNeeded: try self.reader.varint())))
    case .int64: .int(Int64(bitPattern: try self.reader.varint()))
    case .uint32: .uint(UInt64(UInt32(truncatingIfNeeded: try self.reader.varint())))
    case .uint64: .uint(try self.reader.varint())
    case .sint32:
      .int(Self.unzigzag(UInt64(UInt32(truncatingIfNeeded: try self.reader.varint()))))
    case .sint64: .int(Self.unzigzag(try self.reader.varint()))
    case .fixed32: .uint(UInt64(try self.reader.fixed32()))
    case .fixed64: .uint(try self.reader.fixed64())
    case .sfixed32: .int(Int64(Int32(bitPattern: try self.reader.fixed32())))
    case .sfixed64: .int(Int64(bitPattern: try self.reader.fixed64()))
    case .bool: .bool(try self.reader.varint() != 0)
    case .string: .string(try self.string())
    case .bytes: .bytes(try self.reader.lengthDelimited())
    case .message, .group: preconditionFailure("A message is not read as a scalar.")
    }
  }

  private mutating func string() throws(CodecProblem) -> String {
    let bytes = try self.reader.lengthDelimited()
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CodecProblem("the string is not valid UTF-8")
    }
    return text
  }

  private static func unzigzag(_ value: UInt64) -> Int64 {
    Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }
}
