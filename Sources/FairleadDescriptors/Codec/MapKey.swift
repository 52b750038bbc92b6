/// A key of a map. Text is compared by its bytes, as Swift's strings find different spellings equal.
enum MapKey: Sendable, Hashable, Comparable {
  case bool(Bool)
  case int(Int64)
  case uint(UInt64)
  case string([UInt8])

  init?(_ value: FieldValue) {
    switch value {
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .int(value)
    case .uint(let value): self = .uint(value)
    case .string(let value): self = .string(Array(value.utf8))
    case .float, .double, .bytes, .message: return nil
    }
  }

  var value: FieldValue {
    switch self {
    case .bool(let value): .bool(value)
    case .int(let value): .int(value)
    case .uint(let value): .uint(value)
    case .string(let value): .string(String(decoding: value, as: UTF8.self))
    }
  }

  /// As a key in JSON.
  var text: String {
    switch self {
    case .bool(let value): "\(value)"
    case .int(let value): "\(value)"
    case .uint(let value): "\(value)"
    case .string(let value): String(decoding: value, as: UTF8.self)
    }
  }

  /// Keys of one map are of one type.
  static func < (one: MapKey, other: MapKey) -> Bool {
    switch (one, other) {
    case (.bool(let one), .bool(let other)): !one && other
    case (.int(let one), .int(let other)): one < other
    case (.uint(let one), .uint(let other)): one < other
    case (.string(let one), .string(let other)): one.lexicographicallyPrecedes(other)
    case (_, _): false
    }
  }
}
