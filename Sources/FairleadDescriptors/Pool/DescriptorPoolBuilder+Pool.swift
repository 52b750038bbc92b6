import SwiftProtobuf

extension DescriptorPoolBuilder {
  /// Resolves all names.
  mutating func pool() throws(DescriptorProblem) -> DescriptorPool {
    let enums = self.enums.map { self.descriptor(of: $0) }
    var messages: [MessageDescriptor] = []
    for message in self.messages {
      messages.append(try self.descriptor(of: message))
    }
    try self.checkMaps(in: messages)
    let services = try self.services(messages)
    for (index, service) in services.enumerated() {
      _ = try self.claim(service.descriptor.fullName, .service(index), in: service.file)
    }
    return DescriptorPool(
      services: services.map(\.descriptor),
      files: self.files[self.builtIn.files...].map(\.name),
      messages: messages,
      enums: enums,
      symbols: self.symbols,
      extensions: try self.extensionDescriptors(),
      firstMessage: self.builtIn.messages,
      firstEnum: self.builtIn.enums
    )
  }

  private func descriptor(of type: DeclaredEnum) -> EnumDescriptor {
    EnumDescriptor(
      name: type.proto.name,
      fullName: type.fullName,
      file: self.files[type.file].name,
      values: type.proto.value.map {
        .init(name: $0.name, number: $0.number, isDeprecated: $0.options.deprecated)
      },
      reservedRanges: type.proto.reservedRange.filter { $0.start <= $0.end }
        .map { $0.start...$0.end },
      reservedNames: type.proto.reservedName,
      isClosed: type.features.areEnumsClosed,
      allowsAlias: type.proto.options.allowAlias,
      isNull: type.fullName == "google.protobuf.NullValue"
    )
  }

  private func descriptor(
    of message: DeclaredMessage
  ) throws(DescriptorProblem) -> MessageDescriptor {
    var parts = MessageDescriptor.Parts()
    parts.name = message.proto.name
    parts.fullName = message.fullName
    parts.file = self.files[message.file].name
    parts.oneofs = message.proto.oneofDecl.map { .init(name: $0.name) }
    var numbers: Set<Int32> = []
    for field in message.proto.field {
      guard numbers.insert(field.number).inserted else {
        throw DescriptorProblem(
          "The message \(message.fullName) has two fields of the number \(field.number).")
      }
      parts.fields.append(try self.descriptor(of: field, in: message))
    }
    parts.extensionRanges = message.proto.extensionRange.filter { $0.start < $0.end }
      .map { $0.start..<$0.end }
    parts.reservedRanges = message.proto.reservedRange.filter { $0.start < $0.end }
      .map { $0.start..<$0.end }
    parts.reservedNames = message.proto.reservedName
    parts.nestedMessages = message.nestedMessages
    parts.nestedEnums = message.nestedEnums
    parts.isMapEntry = message.proto.options.mapEntry
    parts.isDeprecated = message.proto.options.deprecated
    parts.wellKnown =
      message.file < self.builtIn.files ? WellKnownType(rawValue: message.fullName) : nil
    return MessageDescriptor(parts)
  }

  /// Entries of maps are as the compiler makes them.
  private func checkMaps(in messages: [MessageDescriptor]) throws(DescriptorProblem) {
    for message in messages where message.isMapEntry {
      guard let key = message.field(number: 1), let value = message.field(number: 2),
        key.kind.canBeKey, key.shape == .single, value.shape == .single, message.fields.count == 2
      else {
        throw DescriptorProblem("The message \(message.fullName) is no entry of a map.")
      }
    }
  }

  private struct DeclaredService {
    var descriptor: ServiceDescriptor
    var file: Int
  }

  private func services(
    _ messages: [MessageDescriptor]
  ) throws(DescriptorProblem) -> [DeclaredService] {
    var services: [DeclaredService] = []
    for (index, file) in self.files.enumerated() {
      for service in file.service {
        let name = Self.join(file.package, service.name)
        var methods: [MethodDescriptor] = []
        for method in service.method {
          let used = "The method \(name).\(method.name)"
          methods.append(
            MethodDescriptor(
              name: method.name,
              service: name,
              request: messages[try self.message(method.inputType, in: name, of: index, used)],
              response: messages[try self.message(method.outputType, in: name, of: index, used)],
              isClientStreaming: method.clientStreaming,
              isServerStreaming: method.serverStreaming,
              isDeprecated: method.options.deprecated
            ))
        }
        services.append(
          DeclaredService(
            descriptor: ServiceDescriptor(
              name: service.name, fullName: name, file: file.name, methods: methods,
              isDeprecated: service.options.deprecated),
            file: index))
      }
    }
    return services.sorted { $0.descriptor.fullName < $1.descriptor.fullName }
  }
}
