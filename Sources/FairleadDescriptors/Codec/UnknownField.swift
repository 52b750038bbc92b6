/// A field that a message does not declare, or not with that wire type.
struct UnknownField: Sendable {
  indirect enum Value: Sendable {
    case varint(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    case bytes([UInt8])
    case group([UnknownField])
  }

  var number: Int32
  var value: Value
}
