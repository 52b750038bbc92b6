/// The content of a message that is known by its descriptor alone.
///
/// Values are apart by shape, so that each can be added to in place. What is not set is not there.
package struct DynamicMessage: Sendable {
  package let descriptor: MessageDescriptor

  /// By field number; messages are apart.
  private(set) var scalars: [Int32: FieldValue] = [:]
  private(set) var messages: [Int32: DynamicMessage] = [:]
  var lists: [Int32: [FieldValue]] = [:]
  var maps: [Int32: [MapKey: FieldValue]] = [:]
  var unknown: [UnknownField] = []
  /// The number of the field that is set, by the index of the oneof.
  private var choices: [Int: Int32] = [:]

  package init(_ descriptor: MessageDescriptor) {
    self.descriptor = descriptor
  }

  /// Sets a field that is not repeated; the other fields of its oneof are unset.
  mutating func set(_ field: FieldDescriptor, to value: FieldValue) {
    self.choose(field)
    if case .message(let message) = value {
      self.messages[field.number] = message
    } else {
      self.scalars[field.number] = value
    }
  }

  /// Changes the message in a field, an empty one if there was none.
  mutating func update<T>(
    _ field: FieldDescriptor, of type: MessageDescriptor,
    _ body: (inout DynamicMessage) throws(CodecProblem) -> T
  ) throws(CodecProblem) -> T {
    self.choose(field)
    return try body(&self.messages[field.number, default: DynamicMessage(type)])
  }

  /// Whether another field of the oneof is set.
  func hasOther(than field: FieldDescriptor) -> Int32? {
    guard let oneof = field.oneof, let choice = self.choices[oneof], choice != field.number else {
      return nil
    }
    return choice
  }

  /// A field that is not repeated; nil if it is not set.
  func single(_ number: Int32) -> FieldValue? {
    self.scalars[number] ?? self.messages[number].map { .message($0) }
  }

  /// The numbers of all fields with a value, ascending: the order on the wire.
  var numbers: [Int32] {
    var numbers = Array(self.scalars.keys)
    numbers += self.messages.keys
    numbers += self.lists.keys
    numbers += self.maps.keys
    return numbers.sorted()
  }

  private mutating func choose(_ field: FieldDescriptor) {
    guard let oneof = field.oneof else { return }
    let before = self.choices.updateValue(field.number, forKey: oneof)
    guard let before, before != field.number else { return }
    self.scalars[before] = nil
    self.messages[before] = nil
  }
}
