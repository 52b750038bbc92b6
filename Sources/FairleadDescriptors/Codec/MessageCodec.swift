/// Turns JSON into messages on the wire and back, by descriptors alone.
///
/// JSON is protobuf's canonical mapping. Text and bytes may come from anybody: the answer is a value or
/// a ``CodecProblem``, in time linear in the size. A pure value.
package struct MessageCodec: Sendable {
  /// Messages inside each other, as protobuf's own implementations have it.
  package static let maximumDepth = 100

  package let pool: DescriptorPool

  package init(_ pool: DescriptorPool) {
    self.pool = pool
  }

  /// The bytes of the message that JSON text says.
  ///
  /// Fields may have their JSON or their .proto names. The same text gives the same bytes: fields are
  /// in the order of their numbers, maps in that of their keys.
  package func encode(
    json: [UInt8], as type: MessageDescriptor
  ) throws(CodecProblem) -> [UInt8] {
    let value: JSONValue
    do {
      value = try JSONReader.value(of: json)
    } catch {
      throw CodecProblem(String(error.description.dropLast()))
    }
    return try self.encode(value, as: type)
  }

  /// As ``encode(json:as:)``, of JSON that was read before.
  package func encode(
    _ value: JSONValue, as type: MessageDescriptor
  ) throws(CodecProblem) -> [UInt8] {
    try self.encode(JSONInput(pool: self.pool).message(value, as: type, depth: 1))
  }

  package func encode(_ message: DynamicMessage) throws(CodecProblem) -> [UInt8] {
    try WireOutput(pool: self.pool).bytes(of: message)
  }

  /// The JSON text of a message on the wire.
  ///
  /// Fields are in the order of the .proto file, extensions after them; keys of maps are sorted.
  /// A required field that is missing is no error here.
  package func decode(
    wire: [UInt8], as type: MessageDescriptor, options: JSONOptions = JSONOptions()
  ) throws(CodecProblem) -> String {
    try self.value(wire: wire, as: type, options: options).text(indentation: options.indentation)
  }

  /// As ``decode(wire:as:options:)``, as a value.
  package func value(
    wire: [UInt8], as type: MessageDescriptor, options: JSONOptions = JSONOptions()
  ) throws(CodecProblem) -> JSONValue {
    let message = try WireInput.message(
      wire, as: type, pool: self.pool, keepsUnknown: options.showsUnknown, depth: 1)
    return try JSONOutput(pool: self.pool, options: options).value(of: message, depth: 1)
  }
}
