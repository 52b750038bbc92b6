extension DescriptorPool {
  /// The messages of the files it was made from, entries of maps left out; sorted by full name.
  package var messages: [MessageDescriptor] {
    self.allMessages[self.firstMessage...].filter { !$0.isMapEntry }
      .sorted { $0.fullName < $1.fullName }
  }

  /// The enums of the files it was made from, sorted by full name.
  package var enums: [EnumDescriptor] {
    self.allEnums[self.firstEnum...].sorted { $0.fullName < $1.fullName }
  }

  /// All extensions, sorted by full name.
  package var extensions: [FieldDescriptor] {
    self.extensionsByName.values.sorted { $0.fullName < $1.fullName }
  }

  /// - Throws: When there is no such message; the sentence names one that is spelled alike.
  package func message(named name: String) throws(DescriptorProblem) -> MessageDescriptor {
    if case .message(let index)? = self.symbols[Self.undotted(name)] {
      return self.allMessages[index]
    }
    throw self.unknown("message", name, among: self.allMessages.map(\.fullName))
  }

  /// The type of a field whose values are messages of this pool; nil for others.
  package func message(of field: FieldDescriptor) -> MessageDescriptor? {
    field.kind.message.map { self.allMessages[$0] }
  }

  /// - Throws: When there is no such enum.
  package func enumeration(named name: String) throws(DescriptorProblem) -> EnumDescriptor {
    if case .enumeration(let index)? = self.symbols[Self.undotted(name)] {
      return self.allEnums[index]
    }
    throw self.unknown("enum", name, among: self.allEnums.map(\.fullName))
  }

  /// - Throws: When there is no such service.
  package func service(named name: String) throws(DescriptorProblem) -> ServiceDescriptor {
    if case .service(let index)? = self.symbols[Self.undotted(name)] {
      return self.services[index]
    }
    throw self.unknown("service", name, among: self.services.map(\.fullName))
  }

  /// A method by `package.Service/Method`, `/package.Service/Method` or `package.Service.Method`.
  ///
  /// - Throws: When there is no such service, or no such method in it.
  package func method(named name: String) throws(DescriptorProblem) -> MethodDescriptor {
    let plain = Self.undotted(name.hasPrefix("/") ? String(name.dropFirst()) : name)
    guard let end = plain.lastIndex(of: "/") ?? plain.lastIndex(of: ".") else {
      throw DescriptorProblem("'\(name)' is no method: write it as package.Service/Method.")
    }
    let service = try self.service(named: String(plain[..<end]))
    let last = String(plain[plain.index(after: end)...])
    guard let method = service.method(named: last) else {
      let near = Spelling.hint(for: last, among: service.methods.map(\.name))
      throw DescriptorProblem("The service \(service.fullName) has no method '\(last)'\(near).")
    }
    return method
  }

  /// An extension by its full name.
  package func `extension`(named name: String) -> FieldDescriptor? {
    self.extensionsByName[Self.undotted(name)]
  }

  /// The extensions of a message, sorted by number.
  package func extensions(of message: MessageDescriptor) -> [FieldDescriptor] {
    (self.extensionsByNumber[message.fullName] ?? [:]).values.sorted { $0.number < $1.number }
  }

  /// A field of the message itself, or an extension of it.
  func field(_ number: Int32, of message: MessageDescriptor) -> FieldDescriptor? {
    message.field(number: number) ?? self.extensionsByNumber[message.fullName]?[number]
  }

  /// The message that an `Any` holds, by what follows the last slash of its URL.
  func message(ofTypeURL url: String) -> MessageDescriptor? {
    let name = url.lastIndex(of: "/").map { String(url[url.index(after: $0)...]) } ?? url
    guard case .message(let index)? = self.symbols[name] else { return nil }
    return self.allMessages[index]
  }

  static func undotted(_ name: String) -> String {
    name.hasPrefix(".") ? String(name.dropFirst()) : name
  }

  private func unknown(_ what: String, _ name: String, among names: [String]) -> DescriptorProblem {
    let near = Spelling.hint(for: Self.undotted(name), among: names)
    return DescriptorProblem("There is no \(what) '\(name)'\(near).")
  }
}
