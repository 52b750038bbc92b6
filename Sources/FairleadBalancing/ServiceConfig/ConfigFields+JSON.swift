#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension ConfigFields {
  /// The object in JSON again, without the fields that are `null`.
  var json: [UInt8] {
    get throws {
      let fields = names.compactMap { name in self[name].map { (name, $0) } }
      let object = JSONValue.object(Dictionary(uniqueKeysWithValues: fields))
      return Array(try JSONEncoder().encode(object))
    }
  }
}

extension JSONValue: Encodable {
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let bool): try container.encode(bool)
    case .number(let number): try container.encode(number)
    case .string(let string): try container.encode(string)
    case .array(let values): try container.encode(values)
    case .object(let fields): try container.encode(fields)
    }
  }
}
