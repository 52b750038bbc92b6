import FairleadDescriptors

extension JSONValue {
  var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The same whatever the order of keys and the spelling of numbers: two values mean the same if
  /// this is equal.
  var normalized: JSONValue {
    switch self {
    case .null, .bool, .string: self
    case .number(let text): .number("\(Double(text) ?? .nan)")
    case .array(let items): .array(items.map(\.normalized))
    case .object(let members):
      .object(
        members.map { Member($0.key, $0.value.normalized) }
          .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
    }
  }
}
