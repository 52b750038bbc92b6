extension JSONInput {
  /// A message that has a JSON form of its own.
  func message(
    _ value: JSONValue, as type: MessageDescriptor, _ wellKnown: WellKnownType, depth: Int
  ) throws(CodecProblem) -> DynamicMessage {
    switch wellKnown {
    case .any: try self.any(value, as: type, depth: depth)
    case .timestamp:
      try self.moment(value, as: type, TimestampText.parse, "a time such as 2006-01-02T15:04:05Z")
    case .duration:
      try self.moment(value, as: type, DurationText.parse, "a duration such as \"1.5s\"")
    case .fieldMask: try self.fieldMask(value, as: type)
    case .struct: try self.structure(value, as: type, depth: depth)
    case .value: try self.anyValue(value, as: type, depth: depth)
    case .listValue: try self.listValue(value, as: type, depth: depth)
    case .doubleValue, .floatValue, .int64Value, .uint64Value, .int32Value, .uint32Value,
      .boolValue, .stringValue, .bytesValue:
      try self.wrapper(value, as: type)
    }
  }

  private func wrapper(
    _ value: JSONValue, as type: MessageDescriptor
  ) throws(CodecProblem) -> DynamicMessage {
    var message = DynamicMessage(type)
    let field = self.declared(1, of: type)
    message.set(field, to: try self.scalar(value, field.kind))
    return message
  }

  /// A timestamp or a duration: seconds and nanoseconds.
  private func moment(
    _ value: JSONValue, as type: MessageDescriptor,
    _ parse: (String) -> (seconds: Int64, nanos: Int32)?, _ wanted: String
  ) throws(CodecProblem) -> DynamicMessage {
    guard case .string(let text) = value, let moment = parse(text) else {
      throw CodecProblem("\(wanted) is wanted, not \(value.summary)")
    }
    var message = DynamicMessage(type)
    message.set(self.declared(1, of: type), to: .int(moment.seconds))
    message.set(self.declared(2, of: type), to: .int(Int64(moment.nanos)))
    return message
  }

  private func fieldMask(
    _ value: JSONValue, as type: MessageDescriptor
  ) throws(CodecProblem) -> DynamicMessage {
    let text = try self.string(value)
    var message = DynamicMessage(type)
    guard !text.isEmpty else { return message }
    var paths: [FieldValue] = []
    for path in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let name = CamelCase.maskFromJSON(path) else {
        throw CodecProblem("the path '\(path)' of a field mask is not in lowerCamelCase")
      }
      paths.append(.string(name))
    }
    message.lists[1] = paths
    return message
  }

  private func structure(
    _ value: JSONValue, as type: MessageDescriptor, depth: Int
  ) throws(CodecProblem) -> DynamicMessage {
    guard case .object(let members) = value else {
      throw CodecProblem("an object is wanted, not \(value.summary)")
    }
    return try self.message(
      members.isEmpty ? [] : [.init("fields", .object(members))], as: type, depth: depth)
  }

  private func listValue(
    _ value: JSONValue, as type: MessageDescriptor, depth: Int
  ) throws(CodecProblem) -> DynamicMessage {
    guard case .array = value else {
      throw CodecProblem("a list is wanted, not \(value.summary)")
    }
    return try self.message([.init("values", value)], as: type, depth: depth)
  }

  /// Of whatever kind the JSON is.
  private func anyValue(
    _ value: JSONValue, as type: MessageDescriptor, depth: Int
  ) throws(CodecProblem) -> DynamicMessage {
    var message = DynamicMessage(type)
    switch value {
    case .null: message.set(self.declared(1, of: type), to: .int(0))
    case .number:
      let field = self.declared(2, of: type)
      message.set(field, to: try self.scalar(value, field.kind))
    case .string(let text): message.set(self.declared(3, of: type), to: .string(text))
    case .bool(let bool): message.set(self.declared(4, of: type), to: .bool(bool))
    case .object, .array:
      let number: Int32 = if case .object = value { 5 } else { 6 }
      let field = self.declared(number, of: type)
      guard let index = field.kind.message else { break }
      let inner = try self.message(value, as: self.pool.allMessages[index], depth: depth + 1)
      message.set(field, to: .message(inner))
    }
    return message
  }

  /// An object with the type in `@type`.
  private func any(
    _ value: JSONValue, as type: MessageDescriptor, depth: Int
  ) throws(CodecProblem) -> DynamicMessage {
    guard case .object(var members) = value else {
      throw CodecProblem("an object with \"@type\" is wanted, not \(value.summary)")
    }
    var message = DynamicMessage(type)
    guard !members.isEmpty else { return message }
    guard let place = members.firstIndex(where: { $0.key == "@type" }) else {
      throw CodecProblem("an Any needs \"@type\", the URL of its type")
    }
    let url = try self.string(members.remove(at: place).value)
    message.set(self.declared(1, of: type), to: .string(url))
    message.set(
      self.declared(2, of: type), to: .bytes(try self.content(members, url: url, depth: depth)))
    return message
  }

  /// The bytes of the message in an `Any`.
  private func content(
    _ members: [JSONValue.Member], url: String, depth: Int
  ) throws(CodecProblem) -> [UInt8] {
    let output = WireOutput(pool: self.pool)
    guard let type = self.pool.message(ofTypeURL: url) else {
      // As it is shown if the type is not known.
      if members.count == 1, members[0].key == "@value" {
        guard case .bytes(let bytes) = try self.scalar(members[0].value, .bytes) else { return [] }
        return bytes
      }
      throw CodecProblem("the type \(JSONValue.quoted(url)) of an Any is not known")
    }
    guard type.wellKnown != nil else {
      return try output.bytes(of: self.message(members, as: type, depth: depth + 1))
    }
    guard members.count == 1, members[0].key == "value" else {
      throw CodecProblem("an Any of \(type.fullName) needs \"value\" and nothing else")
    }
    return try output.bytes(of: self.message(members[0].value, as: type, depth: depth + 1))
  }

  /// A field of a well-known type, which is built in and so is as it should be.
  private func declared(_ number: Int32, of type: MessageDescriptor) -> FieldDescriptor {
    guard let field = type.field(number: number) else {
      preconditionFailure("\(type.fullName) is built in and has a field \(number).")
    }
    return field
  }
}
