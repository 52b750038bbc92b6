/// Shows fields that a message does not declare.
enum UnknownFieldText {
  /// `"#5": 150`; a list where a number is there more than once.
  static func members(of fields: [UnknownField]) -> [JSONValue.Member] {
    var values: [Int32: [JSONValue]] = [:]
    for field in fields {
      values[field.number, default: []].append(self.value(field.value))
    }
    return values.sorted { $0.key < $1.key }.map { number, values in
      .init("#\(number)", values.count == 1 ? values[0] : .array(values))
    }
  }

  /// Fixed numbers are shown in hexadecimal, as they may be integers or not; bytes as text if they
  /// look like it, else as `base64:…`.
  private static func value(_ value: UnknownField.Value) -> JSONValue {
    switch value {
    case .varint(let number): .number(String(number))
    case .fixed32(let number): .string("0x" + self.hex(UInt64(number), digits: 8))
    case .fixed64(let number): .string("0x" + self.hex(number, digits: 16))
    case .bytes(let bytes): .string(self.text(bytes) ?? "base64:" + Base64.encode(bytes))
    case .group(let fields): .object(self.members(of: fields))
    }
  }

  private static func text(_ bytes: [UInt8]) -> String? {
    guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func hex(_ number: UInt64, digits: Int) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: digits - text.count) + text
  }
}
