/// One value of a field.
enum FieldValue: Sendable {
  case bool(Bool)
  /// Of all signed types, and of enums.
  case int(Int64)
  case uint(UInt64)
  case float(Float)
  case double(Double)
  case string(String)
  case bytes([UInt8])
  indirect case message(DynamicMessage)

  /// Whether a field of implicit presence leaves it out; minus zero is not zero.
  var isZero: Bool {
    switch self {
    case .bool(let value): !value
    case .int(let value): value == 0
    case .uint(let value): value == 0
    case .float(let value): value.bitPattern == 0
    case .double(let value): value.bitPattern == 0
    case .string(let value): value.isEmpty
    case .bytes(let value): value.isEmpty
    case .message: false
    }
  }
}
