/// Writes messages to the wire.
struct WireOutput {
  let pool: DescriptorPool

  /// - Throws: When a required field is missing.
  func bytes(of message: DynamicMessage) throws(CodecProblem) -> [UInt8] {
    var writer = WireWriter()
    try self.write(message, to: &writer)
    return writer.bytes
  }

  private func write(
    _ message: DynamicMessage, to writer: inout WireWriter
  ) throws(CodecProblem) {
    for field in message.descriptor.requiredFields where message.single(field.number) == nil {
      throw CodecProblem("the required field '\(field.name)' is missing")
    }
    for number in message.numbers {
      guard let field = self.pool.field(number, of: message.descriptor) else { continue }
      do throws(CodecProblem) {
        try self.write(field, of: message, to: &writer)
      } catch {
        throw error.inside(field)
      }
    }
  }

  private func write(
    _ field: FieldDescriptor, of message: DynamicMessage, to writer: inout WireWriter
  ) throws(CodecProblem) {
    switch field.shape {
    case .single:
      guard let value = message.single(field.number) else { return }
      if field.presence == .implicit, value.isZero { return }
      try self.write(value, field, to: &writer)
    case .list:
      let items = message.lists[field.number] ?? []
      if field.isPacked {
        self.writePacked(items, field, to: &writer)
        return
      }
      for (index, item) in items.enumerated() {
        do throws(CodecProblem) {
          try self.write(item, field, to: &writer)
        } catch {
          throw error.inside("[\(index)]")
        }
      }
    case .map:
      try self.writeMap(message.maps[field.number] ?? [:], field, to: &writer)
    }
  }

  /// Both parts of an entry are written, also if they are zero.
  private func writeMap(
    _ map: [MapKey: FieldValue], _ field: FieldDescriptor, to writer: inout WireWriter
  ) throws(CodecProblem) {
    guard let index = field.kind.message,
      let keyField = self.pool.allMessages[index].field(number: 1),
      let valueField = self.pool.allMessages[index].field(number: 2)
    else { return }
    for (key, value) in map.sorted(by: { $0.key < $1.key }) {
      var entry = WireWriter()
      do throws(CodecProblem) {
        try self.write(key.value, keyField, to: &entry)
        try self.write(value, valueField, to: &entry)
      } catch {
        throw error.inside("[\(key.text)]")
      }
      writer.tag(field.number, .lengthDelimited)
      writer.lengthDelimited(entry.bytes)
    }
  }

  private func writePacked(
    _ items: [FieldValue], _ field: FieldDescriptor, to writer: inout WireWriter
  ) {
    guard !items.isEmpty else { return }
    var run = WireWriter()
    for item in items {
      Self.write(item, field.kind, to: &run)
    }
    writer.tag(field.number, .lengthDelimited)
    writer.lengthDelimited(run.bytes)
  }

  /// A value with its tag.
  private func write(
    _ value: FieldValue, _ field: FieldDescriptor, to writer: inout WireWriter
  ) throws(CodecProblem) {
    writer.tag(field.number, field.kind.wireType)
    guard case .message(let message) = value else {
      Self.write(value, field.kind, to: &writer)
      return
    }
    if field.kind.wireType == .startGroup {
      try self.write(message, to: &writer)
      writer.tag(field.number, .endGroup)
    } else {
      writer.lengthDelimited(try self.bytes(of: message))
    }
  }

  private static func write(_ value: FieldValue, _ kind: FieldKind, to writer: inout WireWriter) {
    switch value {
    case .bool(let value): writer.varint(value ? 1 : 0)
    case .float(let value): writer.fixed(value.bitPattern)
    case .double(let value): writer.fixed(value.bitPattern)
    case .string(let value): writer.lengthDelimited(value.utf8)
    case .bytes(let value): writer.lengthDelimited(value)
    case .uint(let value):
      switch kind.wireType {
      case .fixed32: writer.fixed(UInt32(truncatingIfNeeded: value))
      case .fixed64: writer.fixed(value)
      case .varint, .lengthDelimited, .startGroup, .endGroup: writer.varint(value)
      }
    case .int(let value):
      switch kind.wireType {
      case .fixed32: writer.fixed(Int32(truncatingIfNeeded: value))
      case .fixed64: writer.fixed(value)
      case .varint, .lengthDelimited, .startGroup, .endGroup:
        let isZigzag = kind == .sint32 || kind == .sint64
        writer.varint(UInt64(bitPattern: isZigzag ? value << 1 ^ value >> 63 : value))
      }
    case .message: preconditionFailure("A message is not written as a scalar.")
    }
  }
}
