extension JSONInput {
  func scalar(_ value: JSONValue, _ kind: FieldKind) throws(CodecProblem) -> FieldValue {
    switch kind {
    case .double: .double(try self.double(value))
    case .float: .float(try self.float(value))
    case .int32, .sint32, .sfixed32: .int(Int64(try self.integer(value, Int32.self)))
    case .int64, .sint64, .sfixed64: .int(try self.integer(value, Int64.self))
    case .uint32, .fixed32: .uint(UInt64(try self.integer(value, UInt32.self)))
    case .uint64, .fixed64: .uint(try self.integer(value, UInt64.self))
    case .bool: .bool(try self.bool(value))
    case .string: .string(try self.string(value))
    case .bytes: .bytes(try self.bytes(value))
    case .enumeration(let index): .int(try self.number(value, of: self.pool.allEnums[index]))
    case .message, .group: preconditionFailure("A message is not read as a scalar.")
    }
  }

  /// A key of a map, which is text in JSON whatever it is.
  func key(_ key: String, _ kind: FieldKind) throws(CodecProblem) -> MapKey {
    let value: JSONValue
    switch (kind, key) {
    case (.bool, "true"): value = .bool(true)
    case (.bool, "false"): value = .bool(false)
    case (_, _): value = .string(key)
    }
    guard let key = MapKey(try self.scalar(value, kind)) else {
      preconditionFailure("Keys of maps are checked when the pool is made.")
    }
    return key
  }

  private func integer<T: FixedWidthInteger>(
    _ value: JSONValue, _ type: T.Type
  ) throws(CodecProblem) -> T {
    let wanted = "\(T.isSigned ? "a signed" : "an unsigned") integer of \(T.bitWidth) bits"
    switch value {
    case .number(let text), .string(let text):
      if let number = JSONNumber.integer(text, as: T.self) { return number }
    case .null, .bool, .array, .object: break
    }
    throw CodecProblem("\(wanted) is wanted, not \(value.summary)")
  }

  private func double(_ value: JSONValue) throws(CodecProblem) -> Double {
    switch value {
    case .string("NaN"): return .nan
    case .string("Infinity"): return .infinity
    case .string("-Infinity"): return -.infinity
    case .number(let text), .string(let text):
      if let number = JSONNumber.double(text) { return number }
    case .null, .bool, .array, .object: break
    }
    throw CodecProblem("a double is wanted, not \(value.summary)")
  }

  private func float(_ value: JSONValue) throws(CodecProblem) -> Float {
    switch value {
    case .string("NaN"): return .nan
    case .string("Infinity"): return .infinity
    case .string("-Infinity"): return -.infinity
    case .number(let text), .string(let text):
      if let number = JSONNumber.float(text) { return number }
    case .null, .bool, .array, .object: break
    }
    throw CodecProblem("a float is wanted, not \(value.summary)")
  }

  private func bool(_ value: JSONValue) throws(CodecProblem) -> Bool {
    guard case .bool(let bool) = value else {
      throw CodecProblem("true or false is wanted, not \(value.summary)")
    }
    return bool
  }

  func string(_ value: JSONValue) throws(CodecProblem) -> String {
    guard case .string(let text) = value else {
      throw CodecProblem("text in quotation marks is wanted, not \(value.summary)")
    }
    return text
  }

  private func bytes(_ value: JSONValue) throws(CodecProblem) -> [UInt8] {
    guard case .string(let text) = value, let bytes = Base64.decode(Array(text.utf8)) else {
      throw CodecProblem("bytes in base64 are wanted, not \(value.summary)")
    }
    return bytes
  }

  /// A value of an enum by its name or its number, which may be text.
  private func number(
    _ value: JSONValue, of type: EnumDescriptor
  ) throws(CodecProblem) -> Int64 {
    switch value {
    case .null where type.isNull: return 0
    case .string(let name):
      if let number = type.number(of: name) { return Int64(number) }
      guard let number = JSONNumber.integer(name, as: Int32.self) else {
        let near = Spelling.hint(for: name, among: type.values.map(\.name))
        throw CodecProblem("\(type.fullName) has no value \(JSONValue.quoted(name))\(near)")
      }
      return try self.check(number, of: type)
    case .number(let text):
      guard let number = JSONNumber.integer(text, as: Int32.self) else { break }
      return try self.check(number, of: type)
    case .null, .bool, .array, .object: break
    }
    throw CodecProblem(
      "the name or the number of a value of \(type.fullName) is wanted, not \(value.summary)")
  }

  /// A closed enum has no other numbers than those declared.
  private func check(_ number: Int32, of type: EnumDescriptor) throws(CodecProblem) -> Int64 {
    guard !type.isClosed || type.name(of: number) != nil else {
      throw CodecProblem("\(type.fullName) has no value \(number)")
    }
    return Int64(number)
  }
}
