extension FieldReader {
  func string(_ key: String) -> String? {
    guard let value = value(key) else { return nil }
    guard case .string(let text) = value.content else {
      reportWrongType(key, value, wanted: "a string")
      return nil
    }
    return text
  }

  /// A string that must be there and not be empty; its absence is an error.
  func requiredString(_ key: String) -> String? {
    guard has(key) else {
      reportMissing(key)
      return nil
    }
    guard let text = string(key) else { return nil }
    if text.isEmpty {
      report(.error, .missingField, "\(quoted(key)) is empty", at: key)
      return nil
    }
    return text
  }

  func reportMissing(_ key: String) {
    report(.error, .missingField, "\(quoted(key)) is missing", at: key)
  }

  func bool(_ key: String) -> Bool? {
    guard let value = value(key) else { return nil }
    guard case .bool(let flag) = value.content else {
      reportWrongType(key, value, wanted: "true or false")
      return nil
    }
    return flag
  }

  /// A whole number; outside of the range it is an error.
  func int(_ key: String, in range: ClosedRange<Int>) -> Int? {
    guard let value = value(key) else { return nil }
    switch value.content {
    case .int(let number) where range.contains(number):
      return number
    case .int(let number):
      report(
        .error, .invalidValue,
        "\(quoted(key)) is \(number); it must be from \(range.lowerBound) to \(range.upperBound)",
        at: key)
    case .float(let number):
      report(
        .error, .invalidValue, "\(quoted(key)) is \(number); it must be a whole number", at: key)
    case .null, .bool, .string, .sequence, .mapping:
      reportWrongType(key, value, wanted: "a number")
    }
    return nil
  }

  /// A TCP port, 1 to 65535.
  func port(_ key: String) -> Int? { int(key, in: 1...65535) }

  func requiredPort(_ key: String) -> Int? {
    guard has(key) else {
      reportMissing(key)
      return nil
    }
    return port(key)
  }

  /// An object of strings, as labels are; empty if it is absent.
  func stringMap(_ key: String) -> [String: String] {
    guard let value = value(key) else { return [:] }
    guard let fields = value.fields else {
      reportWrongType(key, value, wanted: "an object")
      return [:]
    }
    var result: [String: String] = [:]
    for field in fields {
      guard case .string(let text) = field.value.content else {
        let origin = context.origin(
          field.keyMark, path: "\(path(of: key))[\"\(printable(field.key))\"]")
        let hint = field.value.isScalar ? "; put it in quotes" : ""
        context.report(
          .error, .wrongType,
          "the value of \(quoted(field.key)) must be a string, not \(field.value.kindInWords)\(hint)",
          at: origin)
        continue
      }
      result[field.key] = text
    }
    return result
  }
}

extension ManifestNode {
  fileprivate var isScalar: Bool {
    switch content {
    case .null, .bool, .int, .float, .string: true
    case .sequence, .mapping: false
    }
  }
}
