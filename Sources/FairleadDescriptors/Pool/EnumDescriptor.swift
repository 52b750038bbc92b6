/// An enum of a pool.
package final class EnumDescriptor: Sendable {
  package struct Value: Sendable, Hashable {
    package let name: String
    package let number: Int32
    package let isDeprecated: Bool
  }

  package let name: String
  /// With the package and the messages around it, without a leading dot.
  package let fullName: String
  /// The file that declares it.
  package let file: String
  /// As they are in the file.
  package let values: [Value]
  package let reservedRanges: [ClosedRange<Int32>]
  package let reservedNames: [String]
  /// Whether a number that is not declared is an unknown field.
  package let isClosed: Bool
  package let allowsAlias: Bool
  /// `google.protobuf.NullValue`, which is null in JSON.
  let isNull: Bool

  private let byName: [String: Int32]
  private let byNumber: [Int32: String]

  init(
    name: String, fullName: String, file: String, values: [Value],
    reservedRanges: [ClosedRange<Int32>], reservedNames: [String], isClosed: Bool,
    allowsAlias: Bool, isNull: Bool
  ) {
    self.name = name
    self.fullName = fullName
    self.file = file
    self.values = values
    self.reservedRanges = reservedRanges
    self.reservedNames = reservedNames
    self.isClosed = isClosed
    self.allowsAlias = allowsAlias
    self.isNull = isNull
    self.byName = Dictionary(values.map { ($0.name, $0.number) }) { first, _ in first }
    self.byNumber = Dictionary(values.map { ($0.number, $0.name) }) { first, _ in first }
  }

  package func number(of name: String) -> Int32? {
    self.byName[name]
  }

  /// Of aliases, the first.
  package func name(of number: Int32) -> String? {
    self.byNumber[number]
  }
}
