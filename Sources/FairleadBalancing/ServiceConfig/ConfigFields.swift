/// The fields of one object of a service config. `null` is as absent; unknown fields are none of
/// its business, as in gRPC.
package struct ConfigFields {
  package let path: String
  private let fields: [String: JSONValue]

  package init(_ value: JSONValue, path: String) throws(ServiceConfigError) {
    guard case .object(let fields) = value else {
      throw ServiceConfigError(
        path: path, message: "Expected an object in braces, found \(value.kind).")
    }
    self.path = path
    self.fields = fields
  }

  package var names: [String] { fields.keys.sorted() }

  package func path(of name: String) -> String { "\(path).\(name)" }

  package subscript(name: String) -> JSONValue? {
    fields[name].flatMap { $0 == .null ? nil : $0 }
  }

  private func error(_ name: String, _ expected: String, _ found: JSONValue) -> ServiceConfigError {
    ServiceConfigError(
      path: path(of: name), message: "Expected \(expected), found \(found.kind).")
  }

  package func object(_ name: String) throws(ServiceConfigError) -> ConfigFields? {
    guard let value = self[name] else { return nil }
    return try ConfigFields(value, path: path(of: name))
  }

  package func bool(_ name: String) throws(ServiceConfigError) -> Bool? {
    guard let value = self[name] else { return nil }
    guard case .bool(let bool) = value else { throw error(name, "true or false", value) }
    return bool
  }

  package func string(_ name: String) throws(ServiceConfigError) -> String? {
    guard let value = self[name] else { return nil }
    guard case .string(let string) = value else { throw error(name, "a string", value) }
    return string
  }

  /// A number, or a string that holds one, as JSON of protocol buffers has it.
  package func number(
    _ name: String, in range: ClosedRange<Double>
  ) throws(ServiceConfigError) -> Double? {
    guard let value = self[name] else { return nil }
    let number: Double? =
      switch value {
      case .number(let number): number
      case .string(let string): Double(string)
      case .null, .bool, .array, .object: nil
      }
    guard let number, range.contains(number) else {
      let expected =
        range.upperBound < Double(UInt32.max)
        ? "a number from \(Int(range.lowerBound)) to \(Int(range.upperBound))"
        : "a number of at least \(Int(range.lowerBound))"
      throw error(name, expected, value)
    }
    return number
  }

  package func integer(
    _ name: String, in range: ClosedRange<Int> = 0...Int(UInt32.max)
  ) throws(ServiceConfigError) -> Int? {
    let bounds = Double(range.lowerBound)...Double(range.upperBound)
    guard let number = try number(name, in: bounds) else { return nil }
    guard number == number.rounded() else {
      throw error(name, "a whole number", .number(number))
    }
    return Int(number)
  }

  /// `10s` or `0.25s`: a `google.protobuf.Duration` that is not negative.
  package func duration(_ name: String) throws(ServiceConfigError) -> Duration? {
    guard let value = self[name] else { return nil }
    guard case .string(let string) = value, let duration = Self.duration(string) else {
      throw error(name, "a duration such as \"10s\" or \"0.25s\"", value)
    }
    return duration
  }

  private static func duration(_ string: String) -> Duration? {
    guard string.last == "s" else { return nil }
    let parts = string.dropLast().split(
      separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let seconds = Int64(parts[0]), seconds <= 315_576_000_000
    else { return nil }
    guard parts.count > 1 else { return .seconds(seconds) }
    guard parts[1].count <= 9, let fraction = Int64(parts[1]) else { return nil }
    var nanoseconds = fraction
    for _ in parts[1].count..<9 { nanoseconds *= 10 }
    return .seconds(seconds) + .nanoseconds(nanoseconds)
  }
}
