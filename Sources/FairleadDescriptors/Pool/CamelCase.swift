/// The two spellings of names: `snake_case` in .proto files, `lowerCamelCase` in JSON.
enum CamelCase {
  /// As the compiler derives JSON names: underscores go, and the letter after one is upper-case.
  static func lower(_ name: String) -> String {
    var result: [UInt8] = []
    var isUpper = false
    for byte in name.utf8 {
      if byte == UInt8(ascii: "_") {
        isUpper = true
        continue
      }
      result.append(isUpper && isLower(byte) ? byte - 32 : byte)
      isUpper = false
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// A path of a field mask in JSON; nil if it would not come back the same.
  static func maskToJSON(_ path: String) -> String? {
    var result: [UInt8] = []
    var isUpper = false
    for byte in path.utf8 {
      if isUpper {
        guard isLower(byte) else { return nil }
        result.append(byte - 32)
        isUpper = false
      } else if byte == UInt8(ascii: "_") {
        isUpper = true
      } else {
        guard !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) else { return nil }
        result.append(byte)
      }
    }
    return isUpper ? nil : String(decoding: result, as: UTF8.self)
  }

  /// A path of a field mask from JSON; nil if it is not in lowerCamelCase.
  static func maskFromJSON(_ path: Substring) -> String? {
    var result: [UInt8] = []
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "_"): return nil
      case UInt8(ascii: "A")...UInt8(ascii: "Z"):
        result += [UInt8(ascii: "_"), byte + 32]
      default: result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func isLower(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
  }
}
