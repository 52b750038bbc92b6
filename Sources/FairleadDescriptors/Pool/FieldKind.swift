/// What the values of a field are, and so how they are on the wire.
package enum FieldKind: Sendable, Hashable {
  case double, float
  case int32, int64, uint32, uint64, sint32, sint64
  case fixed32, fixed64, sfixed32, sfixed64
  case bool, string, bytes
  /// With its length before it; the index is the pool's.
  case message(Int)
  /// Between a start and an end tag: a proto2 group, or an edition's DELIMITED.
  case group(Int)
  case enumeration(Int)

  /// The index of the message in the pool, for messages and groups.
  package var message: Int? {
    switch self {
    case .message(let index), .group(let index): index
    case .double, .float, .int32, .int64, .uint32, .uint64, .sint32, .sint64, .fixed32, .fixed64,
      .sfixed32, .sfixed64, .bool, .string, .bytes, .enumeration:
      nil
    }
  }

  /// The wire type of one value that is not packed.
  var wireType: WireType {
    switch self {
    case .double, .fixed64, .sfixed64: .fixed64
    case .float, .fixed32, .sfixed32: .fixed32
    case .int32, .int64, .uint32, .uint64, .sint32, .sint64, .bool, .enumeration: .varint
    case .string, .bytes, .message: .lengthDelimited
    case .group: .startGroup
    }
  }

  /// Whether a list of it may be on the wire as one run of values.
  var canBePacked: Bool {
    switch self.wireType {
    case .varint, .fixed32, .fixed64: true
    case .lengthDelimited, .startGroup, .endGroup: false
    }
  }

  /// Whether a map may have it as its key.
  var canBeKey: Bool {
    switch self {
    case .int32, .int64, .uint32, .uint64, .sint32, .sint64, .fixed32, .fixed64, .sfixed32,
      .sfixed64, .bool, .string:
      true
    case .double, .float, .bytes, .message, .group, .enumeration: false
    }
  }
}
