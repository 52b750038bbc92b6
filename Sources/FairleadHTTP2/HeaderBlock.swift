/// One header block: names and values in one arena, in the order in which they came, without a String for each.
///
/// Sizes are counted as SETTINGS_MAX_HEADER_LIST_SIZE counts them (RFC 9113 §6.5.2): name + value + 32 bytes a field.
package struct HeaderBlock: Sendable {
  struct Field: Sendable {
    var name: HeaderName
    /// Never to be put in an index of a later hop (RFC 7541 §6.2.3), as its sender or its name asks.
    var isSensitive: Bool
    var nameStart: Int32
    var nameLength: Int32
    var valueStart: Int32
    var valueLength: Int32
  }

  private(set) var arena: [UInt8] = []
  private(set) var fields: [Field] = []
  /// The size by the RFC's count.
  package private(set) var listSize = 0

  package init() {}

  package init(_ fields: [(String, String)]) {
    for (name, value) in fields {
      append(name: name, value: value)
    }
  }

  package var count: Int { fields.count }
  package var isEmpty: Bool { fields.isEmpty }

  /// The index of the first field of this name.
  package func firstIndex(of name: HeaderName) -> Int? {
    for index in fields.indices where fields[index].name == name {
      return index
    }
    return nil
  }

  /// The index of the first field whose name is these bytes, in lower case: for names that `HeaderName` does not have.
  package func firstIndex(named name: [UInt8]) -> Int? {
    for index in fields.indices where Int(fields[index].nameLength) == name.count {
      let start = Int(fields[index].nameStart)
      if arena[start..<start + name.count].elementsEqual(name) { return index }
    }
    return nil
  }

  /// The value as text; bytes that are not UTF-8 are replaced.
  package func value(at index: Int) -> String {
    String(decoding: valueBytes(at: index), as: UTF8.self)
  }

  package func name(at index: Int) -> String {
    let field = fields[index]
    let start = Int(field.nameStart)
    return String(decoding: arena[start..<start + Int(field.nameLength)], as: UTF8.self)
  }

  /// The value's bytes, shared with the arena.
  package func valueBytes(at index: Int) -> ArraySlice<UInt8> {
    let field = fields[index]
    let start = Int(field.valueStart)
    return arena[start..<start + Int(field.valueLength)]
  }

  /// The first value of this name as text.
  package subscript(name: HeaderName) -> String? {
    firstIndex(of: name).map(value(at:))
  }

  /// Whether the value at `index` is, or begins with, the ASCII text.
  package func value(at index: Int, hasPrefix text: StaticString) -> Bool {
    let field = fields[index]
    guard Int(field.valueLength) >= text.utf8CodeUnitCount else { return false }
    return arena.withUnsafeBufferPointer { bytes in
      UnsafeBufferPointer(
        rebasing: bytes[Int(field.valueStart)..<Int(field.valueStart) + text.utf8CodeUnitCount]
      ).equals(text)
    }
  }

  /// Whether the value at `index` is equal to these bytes.
  package func value(at index: Int, equals other: [UInt8]) -> Bool {
    let field = fields[index]
    guard Int(field.valueLength) == other.count else { return false }
    return arena.withUnsafeBufferPointer { bytes in
      other.withUnsafeBufferPointer { other in
        UnsafeBufferPointer(
          rebasing: bytes[Int(field.valueStart)..<Int(field.valueStart) + other.count]
        ).elementsEqual(other)
      }
    }
  }

  /// The value at `index` as a decimal number, for `:status` and `grpc-status`; nil if it is none or above six digits.
  package func decimal(at index: Int) -> Int? {
    let field = fields[index]
    guard (1...6).contains(field.valueLength) else { return nil }
    var number = 0
    for offset in Int(field.valueStart)..<Int(field.valueStart + field.valueLength) {
      let digit = Int(arena[offset]) - 48
      guard (0...9).contains(digit) else { return nil }
      number = number * 10 + digit
    }
    return number
  }

  package mutating func append(name: String, value: String) {
    var name = name
    var value = value
    name.withUTF8 { name in
      value.withUTF8 { value in append(name: name, value: value, isSensitive: false) }
    }
  }

  /// Gives the field at `index` another value.
  package mutating func replaceValue(at index: Int, with value: String) {
    let bytes = Array(value.utf8)
    listSize += bytes.count - Int(fields[index].valueLength)
    fields[index].valueStart = Int32(arena.count)
    fields[index].valueLength = Int32(bytes.count)
    arena.append(contentsOf: bytes)
  }

  mutating func append(
    name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>, isSensitive: Bool
  ) {
    if fields.isEmpty {
      arena.reserveCapacity(512)
      fields.reserveCapacity(16)
    }
    let nameStart = arena.count
    arena.append(contentsOf: name)
    let valueStart = arena.count
    arena.append(contentsOf: value)
    fields.append(
      Field(
        name: HeaderName(name), isSensitive: isSensitive || name.isKeptOutOfHeaderTables,
        nameStart: Int32(nameStart),
        nameLength: Int32(name.count), valueStart: Int32(valueStart),
        valueLength: Int32(value.count)))
    listSize += name.count + value.count + 32
  }

  /// Empties it and keeps its memory.
  mutating func removeAll() {
    arena.removeAll(keepingCapacity: true)
    fields.removeAll(keepingCapacity: true)
    listSize = 0
  }
}
