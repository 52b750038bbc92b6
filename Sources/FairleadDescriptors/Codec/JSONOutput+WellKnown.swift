extension JSONOutput {
  /// A message that has a JSON form of its own.
  func value(
    of message: DynamicMessage, _ wellKnown: WellKnownType, depth: Int
  ) throws(CodecProblem) -> JSONValue {
    switch wellKnown {
    case .any: return try self.any(message, depth: depth)
    case .timestamp:
      return try self.moment(message, TimestampText.format, "is not in the years 1 to 9999")
    case .duration:
      return try self.moment(message, DurationText.format, "is no valid duration")
    case .fieldMask: return try self.fieldMask(message)
    case .struct:
      guard let map = message.maps[1], let field = message.descriptor.field(number: 1) else {
        return .object([])
      }
      return .object(try self.map(map, field.kind, depth: depth))
    case .listValue:
      guard let items = message.lists[1], let field = message.descriptor.field(number: 1) else {
        return .array([])
      }
      return try self.list(items, field.kind, depth: depth)
    case .value: return try self.anyValue(message, depth: depth)
    case .doubleValue, .floatValue, .int64Value, .uint64Value, .int32Value, .uint32Value,
      .boolValue, .stringValue, .bytesValue:
      guard let field = message.descriptor.field(number: 1) else { return .null }
      let value = message.single(1) ?? self.pool.zero(of: field.kind)
      return try self.value(value, field.kind, depth: depth)
    }
  }

  /// A timestamp or a duration.
  private func moment(
    _ message: DynamicMessage, _ format: (Int64, Int32) -> String?, _ problem: String
  ) throws(CodecProblem) -> JSONValue {
    var parts: [Int64] = [0, 0]
    for number in 1...2 {
      if case .int(let value)? = message.single(Int32(number)) { parts[number - 1] = value }
    }
    guard let text = format(parts[0], Int32(truncatingIfNeeded: parts[1])) else {
      throw CodecProblem("\(parts[0]) seconds and \(parts[1]) nanoseconds \(problem)")
    }
    return .string(text)
  }

  private func fieldMask(_ message: DynamicMessage) throws(CodecProblem) -> JSONValue {
    var paths: [String] = []
    for item in message.lists[1] ?? [] {
      guard case .string(let path) = item else { continue }
      guard let text = CamelCase.maskToJSON(path) else {
        throw CodecProblem(
          "the path \(JSONValue.quoted(path)) of a field mask has no form in lowerCamelCase")
      }
      paths.append(text)
    }
    return .string(paths.joined(separator: ","))
  }

  private func anyValue(
    _ message: DynamicMessage, depth: Int
  ) throws(CodecProblem) -> JSONValue {
    for number in Int32(1)...6 {
      guard let value = message.single(number),
        let field = message.descriptor.field(number: number)
      else { continue }
      if case .double(let number) = value, !number.isFinite {
        throw CodecProblem("a Value cannot be \(number) in JSON")
      }
      return try self.value(value, field.kind, depth: depth)
    }
    return .null
  }

  private func any(_ message: DynamicMessage, depth: Int) throws(CodecProblem) -> JSONValue {
    var url = ""
    var bytes: [UInt8] = []
    if case .string(let text)? = message.single(1) { url = text }
    if case .bytes(let value)? = message.single(2) { bytes = value }
    guard !url.isEmpty || !bytes.isEmpty else { return .object([]) }
    let typeMember = JSONValue.Member("@type", .string(url))
    guard let type = self.pool.message(ofTypeURL: url) else {
      guard self.options.showsUnknownTypes else {
        throw CodecProblem("the type \(JSONValue.quoted(url)) of an Any is not known")
      }
      return .object([typeMember, .init("@value", .string(Base64.encode(bytes)))])
    }
    let inner = try WireInput.message(
      bytes, as: type, pool: self.pool, keepsUnknown: self.options.showsUnknown, depth: depth + 1)
    if type.wellKnown != nil {
      return .object([typeMember, .init("value", try self.value(of: inner, depth: depth + 1))])
    }
    return .object([typeMember] + (try self.members(of: inner, depth: depth + 1)))
  }
}
