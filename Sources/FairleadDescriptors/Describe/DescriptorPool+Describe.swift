extension DescriptorPool {
  /// What a name stands for, as text of a .proto file without comments.
  ///
  /// - Parameter name: The full name of a message, an enum, a service, a method or an extension.
  /// - Throws: When there is none of that name; the sentence names one that is spelled alike.
  package func describe(_ name: String) throws(DescriptorProblem) -> String {
    var text = ProtoText(pool: self)
    switch self.symbols[Self.undotted(name)] {
    case .message(let index): text.write(self.allMessages[index])
    case .enumeration(let index): text.write(self.allEnums[index])
    case .service(let index): text.write(self.services[index])
    case nil:
      if let field = self.extension(named: name) {
        text.write(extension: field)
      } else if let method = try? self.method(named: name) {
        text.write(method)
      } else {
        let names = Array(self.symbols.keys).sorted() + self.extensionsByName.keys.sorted()
        let near = Spelling.hint(for: Self.undotted(name), among: names)
        throw DescriptorProblem("There is no '\(name)' to describe\(near).")
      }
    }
    return text.lines.joined(separator: "\n")
  }
}
