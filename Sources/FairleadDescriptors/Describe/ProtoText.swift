/// Writes declarations as a .proto file has them. Types have their full names.
struct ProtoText {
  let pool: DescriptorPool
  private(set) var lines: [String] = []
  private var level = 0

  init(pool: DescriptorPool) {
    self.pool = pool
  }

  mutating func write(_ service: ServiceDescriptor) {
    self.block("service \(service.name)") { text in
      text.deprecation(service.isDeprecated)
      for method in service.methods {
        text.write(method)
      }
    }
  }

  mutating func write(_ method: MethodDescriptor) {
    let request = (method.isClientStreaming ? "stream " : "") + method.request.fullName
    let response = (method.isServerStreaming ? "stream " : "") + method.response.fullName
    let head = "rpc \(method.name)(\(request)) returns (\(response))"
    if method.isDeprecated {
      self.block(head) { $0.deprecation(true) }
    } else {
      self.line("\(head);")
    }
  }

  mutating func write(_ type: EnumDescriptor) {
    self.block("enum \(type.name)") { text in
      if type.allowsAlias { text.line("option allow_alias = true;") }
      for value in type.values {
        let options = value.isDeprecated ? " [deprecated = true]" : ""
        text.line("\(value.name) = \(value.number)\(options);")
      }
      text.reserved(
        type.reservedRanges.map { (Int($0.lowerBound), Int($0.upperBound)) },
        maximum: Int(Int32.max), type.reservedNames)
    }
  }

  mutating func write(_ message: MessageDescriptor) {
    self.block("message \(message.name)") { $0.writeBody(of: message) }
  }

  mutating func write(extension field: FieldDescriptor) {
    let extendee = self.pool.extensionsByNumber.first { $0.value[field.number] === field }?.key
    self.block("extend \(extendee ?? "")") { $0.write(field, isInOneof: false) }
  }

  private mutating func writeBody(of message: MessageDescriptor) {
    self.deprecation(message.isDeprecated)
    var written: Set<Int> = []
    for field in message.fields {
      guard let oneof = field.oneof else {
        self.write(field, isInOneof: false)
        continue
      }
      // All fields of a oneof are where the first of them is.
      guard written.insert(oneof).inserted else { continue }
      self.block("oneof \(message.oneofs[oneof].name)") { text in
        for member in message.fields where member.oneof == oneof {
          text.write(member, isInOneof: true)
        }
      }
    }
    let maximum = (1 << 29) - 1
    if !message.extensionRanges.isEmpty {
      let ranges = message.extensionRanges.map { (Int($0.lowerBound), Int($0.upperBound) - 1) }
      self.line("extensions \(Self.text(of: ranges, maximum: maximum));")
    }
    self.reserved(
      message.reservedRanges.map { (Int($0.lowerBound), Int($0.upperBound) - 1) },
      maximum: maximum, message.reservedNames)
    let groups = Set(message.fields.compactMap(self.group))
    for index in message.nestedMessages where !groups.contains(index) {
      self.write(self.pool.allMessages[index])
    }
    for index in message.nestedEnums {
      self.write(self.pool.allEnums[index])
    }
  }

  private mutating func write(_ field: FieldDescriptor, isInOneof: Bool) {
    let label = isInOneof ? "" : self.label(of: field)
    let options = self.options(of: field)
    if let index = self.group(field) {
      let message = self.pool.allMessages[index]
      self.block("\(label)group \(message.name) = \(field.number)\(options)") {
        $0.writeBody(of: message)
      }
    } else {
      self.line("\(label)\(self.type(of: field)) \(field.name) = \(field.number)\(options);")
    }
  }

  mutating func line(_ text: String) {
    self.lines.append(String(repeating: "  ", count: self.level) + text)
  }

  mutating func block(_ head: String, _ body: (inout ProtoText) -> Void) {
    self.line("\(head) {")
    self.level += 1
    body(&self)
    self.level -= 1
    self.line("}")
  }
}
