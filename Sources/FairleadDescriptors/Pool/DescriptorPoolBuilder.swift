import SwiftProtobuf

/// Gathers what files declare, then resolves the names between them.
struct DescriptorPoolBuilder {
  struct DeclaredMessage {
    var proto: Google_Protobuf_DescriptorProto
    var fullName: String
    var file: Int
    var features: Features
    var nestedMessages: [Int] = []
    var nestedEnums: [Int] = []
  }

  struct DeclaredEnum {
    var proto: Google_Protobuf_EnumDescriptorProto
    var fullName: String
    var file: Int
    var features: Features
  }

  struct DeclaredExtension {
    var proto: Google_Protobuf_FieldDescriptorProto
    /// Where it is declared: its name and those it uses begin there.
    var scope: String
    var file: Int
    var features: Features
  }

  private(set) var files: [Google_Protobuf_FileDescriptorProto] = []
  private(set) var messages: [DeclaredMessage] = []
  private(set) var enums: [DeclaredEnum] = []
  private(set) var extensions: [DeclaredExtension] = []
  private(set) var symbols: [String: DescriptorPool.Symbol] = [:]
  /// What was added before the end of what is built in.
  private(set) var builtIn = (files: 0, messages: 0, enums: 0)

  private var budget = NameBudget()
  private var fileIndex: [String: Int] = [:]
  private var fileOfSymbol: [String: Int] = [:]

  mutating func endBuiltIn() {
    self.builtIn = (self.files.count, self.messages.count, self.enums.count)
  }

  /// Declares all of the files' messages, enums and extensions.
  mutating func add(_ files: [Google_Protobuf_FileDescriptorProto]) throws(DescriptorProblem) {
    for file in files {
      if let known = self.fileIndex[file.name], known >= self.builtIn.files {
        guard self.files[known] == file else {
          throw DescriptorProblem("The file \(file.name) is given twice, with different contents.")
        }
        continue
      }
      let index = self.files.count
      self.files.append(file)
      self.fileIndex[file.name] = index
      let features = Features(of: file)
      for message in file.messageType {
        _ = try self.declare(message, in: file.package, of: index, features)
      }
      for type in file.enumType {
        _ = try self.declare(type, in: file.package, of: index, features)
      }
      for service in file.service {
        try self.budget.spend(scope: file.package, name: service.name)
        let name = Self.join(file.package, service.name)
        for method in service.method { try self.budget.spend(scope: name, name: method.name) }
      }
      for field in file.extension {
        try self.budget.spend(scope: file.package, name: field.name)
        self.extensions.append(
          DeclaredExtension(proto: field, scope: file.package, file: index, features: features))
      }
    }
  }

  /// The name of a symbol in a scope.
  static func join(_ scope: String, _ name: String) -> String {
    scope.isEmpty ? name : "\(scope).\(name)"
  }

  /// Takes a name. Answers false if the symbol is built in already: then that one counts.
  mutating func claim(_ name: String, _ symbol: DescriptorPool.Symbol, in file: Int)
    throws(DescriptorProblem) -> Bool
  {
    if let owner = self.fileOfSymbol[name] {
      if owner < self.builtIn.files { return false }
      throw DescriptorProblem(
        "'\(name)' is declared twice, in \(self.files[owner].name) and \(self.files[file].name).")
    }
    self.fileOfSymbol[name] = file
    self.symbols[name] = symbol
    return true
  }

  private mutating func declare(
    _ message: Google_Protobuf_DescriptorProto, in scope: String, of file: Int, _ outer: Features
  ) throws(DescriptorProblem) -> Int? {
    let name = Self.join(scope, message.name)
    try self.budget.spend(scope: scope, name: message.name)
    guard !message.name.isEmpty else {
      throw DescriptorProblem("The file \(self.files[file].name) has a message without a name.")
    }
    let index = self.messages.count
    guard try self.claim(name, .message(index), in: file) else { return nil }
    let features = outer.overridden(by: message.options.features)
    self.messages.append(
      DeclaredMessage(proto: message, fullName: name, file: file, features: features))
    for nested in message.nestedType {
      if let inner = try self.declare(nested, in: name, of: file, features),
        !nested.options.mapEntry
      {
        self.messages[index].nestedMessages.append(inner)
      }
    }
    for nested in message.enumType {
      if let inner = try self.declare(nested, in: name, of: file, features) {
        self.messages[index].nestedEnums.append(inner)
      }
    }
    for field in message.field { try self.budget.spend(scope: name, name: field.name) }
    for field in message.extension {
      try self.budget.spend(scope: name, name: field.name)
      self.extensions.append(
        DeclaredExtension(proto: field, scope: name, file: file, features: features))
    }
    return index
  }

  private mutating func declare(
    _ type: Google_Protobuf_EnumDescriptorProto, in scope: String, of file: Int, _ outer: Features
  ) throws(DescriptorProblem) -> Int? {
    let name = Self.join(scope, type.name)
    try self.budget.spend(scope: scope, name: type.name)
    guard !type.name.isEmpty else {
      throw DescriptorProblem("The file \(self.files[file].name) has an enum without a name.")
    }
    guard !type.value.isEmpty else {
      throw DescriptorProblem("The enum \(name) has no values.")
    }
    let index = self.enums.count
    guard try self.claim(name, .enumeration(index), in: file) else { return nil }
    self.enums.append(
      DeclaredEnum(
        proto: type, fullName: name, file: file,
        features: outer.overridden(by: type.options.features)))
    return index
  }
}
