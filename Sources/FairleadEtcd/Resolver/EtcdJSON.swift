/// Any JSON value, for metadata that everybody writes differently.
enum EtcdJSON: Sendable, Hashable, Decodable {
  case null
  case bool(Bool)
  case number(Double)
  case text(String)
  case list([EtcdJSON])
  case object([String: EtcdJSON])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([EtcdJSON].self) {
      self = .list(value)
    } else {
      self = .object(try container.decode([String: EtcdJSON].self))
    }
  }

  /// A text as it is; a number or truth value as people write it.
  var scalar: String? {
    switch self {
    case .text(let text): text
    case .number(let number): Int(exactly: number).map(String.init) ?? "\(number)"
    case .bool(let value): "\(value)"
    case .null, .list, .object: nil
    }
  }
}

extension [String: EtcdJSON] {
  /// The value of a field, however its name is capitalised; spelled like the name before all others.
  func field(_ name: String) -> EtcdJSON? {
    if let exact = self[name] { return exact }
    let wanted = name.lowercased()
    return filter { $0.key.lowercased() == wanted }.min { $0.key < $1.key }?.value
  }
}
