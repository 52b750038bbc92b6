extension DescriptorPool {
  /// The value of a field of implicit presence that is not on the wire.
  func zero(of kind: FieldKind) -> FieldValue {
    switch kind {
    case .double: .double(0)
    case .float: .float(0)
    case .int32, .int64, .sint32, .sint64, .sfixed32, .sfixed64: .int(0)
    case .uint32, .uint64, .fixed32, .fixed64: .uint(0)
    case .bool: .bool(false)
    case .string: .string("")
    case .bytes: .bytes([])
    case .enumeration(let index): .int(Int64(self.allEnums[index].values.first?.number ?? 0))
    case .message(let index), .group(let index): .message(DynamicMessage(self.allMessages[index]))
    }
  }
}
