/// A message of a pool.
package final class MessageDescriptor: Sendable {
  package struct Oneof: Sendable, Hashable {
    package let name: String
  }

  package let name: String
  /// With the package and the messages around it, without a leading dot.
  package let fullName: String
  /// The file that declares it.
  package let file: String
  /// As they are in the file.
  package let fields: [FieldDescriptor]
  /// As they are in the file. No field names the synthetic one of an `optional` field.
  package let oneofs: [Oneof]
  /// Numbers that other files may extend.
  package let extensionRanges: [Range<Int32>]
  package let reservedRanges: [Range<Int32>]
  package let reservedNames: [String]
  /// Indices in the pool, entries of maps left out.
  package let nestedMessages: [Int]
  package let nestedEnums: [Int]
  package let isMapEntry: Bool
  package let isDeprecated: Bool
  /// The special JSON that it has, if any.
  let wellKnown: WellKnownType?
  let requiredFields: [FieldDescriptor]

  private let byNumber: [Int32: FieldDescriptor]
  private let byKey: [String: FieldDescriptor]

  init(_ parts: Parts) {
    self.name = parts.name
    self.fullName = parts.fullName
    self.file = parts.file
    self.fields = parts.fields
    self.oneofs = parts.oneofs
    self.extensionRanges = parts.extensionRanges
    self.reservedRanges = parts.reservedRanges
    self.reservedNames = parts.reservedNames
    self.nestedMessages = parts.nestedMessages
    self.nestedEnums = parts.nestedEnums
    self.isMapEntry = parts.isMapEntry
    self.isDeprecated = parts.isDeprecated
    self.wellKnown = parts.wellKnown
    self.requiredFields = parts.fields.filter { $0.presence == .required && $0.shape == .single }
    self.byNumber = Dictionary(parts.fields.map { ($0.number, $0) }) { first, _ in first }
    // A JSON name goes before the name of another field.
    var byKey = Dictionary(parts.fields.map { ($0.jsonName, $0) }) { first, _ in first }
    for field in parts.fields where byKey[field.name] == nil {
      byKey[field.name] = field
    }
    self.byKey = byKey
  }

  package func field(number: Int32) -> FieldDescriptor? {
    self.byNumber[number]
  }

  /// By its JSON name or by that of the .proto file.
  package func field(named key: String) -> FieldDescriptor? {
    self.byKey[key]
  }
}

extension MessageDescriptor {
  /// What a message is made of.
  struct Parts {
    var name = ""
    var fullName = ""
    var file = ""
    var fields: [FieldDescriptor] = []
    var oneofs: [Oneof] = []
    var extensionRanges: [Range<Int32>] = []
    var reservedRanges: [Range<Int32>] = []
    var reservedNames: [String] = []
    var nestedMessages: [Int] = []
    var nestedEnums: [Int] = []
    var isMapEntry = false
    var isDeprecated = false
    var wellKnown: WellKnownType?
  }
}
