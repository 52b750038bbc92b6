/// What an unquoted YAML scalar means, by the rules that `kubectl` applies: YAML 1.1's types
/// without its dates.
///
/// So `version: 1` is a number and `version: on` is a boolean, and neither may be a label's value.
enum ScalarResolution {
  static func resolve(_ text: String) -> ManifestNode.Content {
    switch text {
    case "", "~", "null", "Null", "NULL":
      return .null
    case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON":
      return .bool(true)
    case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF":
      return .bool(false)
    default:
      return number(text) ?? .string(text)
    }
  }

  private static func number(_ text: String) -> ManifestNode.Content? {
    // The longest number that means anything here is far shorter.
    guard text.utf8.count <= 64, let first = text.utf8.first,
      first == UInt8(ascii: "+") || first == UInt8(ascii: "-") || first == UInt8(ascii: ".")
        || isDigit(first)
    else { return nil }
    switch text {
    case ".inf", ".Inf", ".INF", "+.inf": return .float(.infinity)
    case "-.inf", "-.Inf", "-.INF": return .float(-.infinity)
    case ".nan", ".NaN", ".NAN": return .float(.nan)
    default: break
    }
    let digits = text.filter { $0 != "_" }
    if let value = integer(digits) { return .int(value) }
    let isPlainDecimal = digits.utf8.allSatisfy {
      isDigit($0) || "+-.eE".utf8.contains($0)
    }
    if isPlainDecimal, digits.utf8.contains(where: isDigit), let value = Double(digits) {
      return .float(value)
    }
    return nil
  }

  private static func integer(_ text: String) -> Int? {
    var rest = Substring(text)
    var isNegative = false
    if let sign = rest.first, sign == "-" || sign == "+" {
      isNegative = sign == "-"
      rest = rest.dropFirst()
    }
    guard let first = rest.utf8.first, isDigit(first) else { return nil }
    let radix: Int
    if rest.hasPrefix("0x") || rest.hasPrefix("0X") {
      (radix, rest) = (16, rest.dropFirst(2))
    } else if rest.hasPrefix("0o") {
      (radix, rest) = (8, rest.dropFirst(2))
    } else if rest.hasPrefix("0b") {
      (radix, rest) = (2, rest.dropFirst(2))
    } else if rest.count > 1, first == UInt8(ascii: "0") {
      (radix, rest) = (8, rest.dropFirst())
    } else {
      radix = 10
    }
    // A second sign would be taken by `Int`.
    guard rest.first != "-", rest.first != "+" else { return nil }
    return Int((isNegative ? "-" : "") + rest, radix: radix)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
