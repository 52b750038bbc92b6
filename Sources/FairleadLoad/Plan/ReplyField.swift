import FairleadDescriptors

/// A field of a reply whose value names the backend.
package struct ReplyField: Sendable {
  package let path: [String]
  private let codec: MessageCodec
  private let type: MessageDescriptor

  /// - Parameters:
  ///   - path: Names of fields, each but the last of a message: `pod`, or `metadata.pod.name`.
  ///   - type: The method's response.
  /// - Throws: ``LoadFailure`` if the response has no such field, or its value is no name.
  package init(path: String, of type: MessageDescriptor, in pool: DescriptorPool)
    throws(LoadFailure)
  {
    var keys: [String] = []
    var message: MessageDescriptor? = type
    for name in path.split(separator: ".", omittingEmptySubsequences: false) {
      guard let within = message, let field = within.field(named: String(name)) else {
        let place = message?.fullName ?? keys.joined(separator: ".")
        throw LoadFailure(
          "\(place) has no field \"\(name.prefix(80))\", so it cannot tell who answered; name one "
            + "that the reply has.")
      }
      guard field.shape == .single else {
        throw LoadFailure(
          "The field \"\(name)\" of \(within.fullName) has many values, so it cannot tell who answered; "
            + "name one with a single value.")
      }
      keys.append(field.jsonName)
      message = pool.message(of: field)
    }
    guard message == nil else {
      throw LoadFailure(
        "The field \"\(path)\" is a message, not a name; name a field in it, such as \(path).name.")
    }
    self.path = keys
    self.type = type
    codec = MessageCodec(pool)
  }

  /// The value in a message of the reply; `nil` if it has none.
  func value(in message: [UInt8]) -> String? {
    guard var value = try? codec.value(wire: message, as: type) else { return nil }
    for key in path {
      guard let inner = value[key] else { return nil }
      value = inner
    }
    switch value {
    case .string(let text): return text.isEmpty ? nil : text
    case .number(let text): return text
    case .bool(let value): return "\(value)"
    case .null, .array, .object: return nil
    }
  }
}
