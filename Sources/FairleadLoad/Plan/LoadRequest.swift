/// What is called, with what, and how to tell who answered.
package struct LoadRequest: Sendable {
  /// The messages of calls, each with gRPC's five bytes before it, all messages of a call in one piece.
  package enum Payload: Sendable {
    /// Taken in turn, one for each call; never empty.
    case variants([[UInt8]])
    /// Made for each call.
    case made(@Sendable (LoadTurn) throws -> [UInt8])
  }

  /// `/helloworld.Greeter/SayHello`.
  package let path: String
  /// In the order in which it is sent: names in lower case, values as on the wire.
  package let metadata: [(name: String, value: String)]
  package let payload: Payload
  /// Whether a good answer has one message, no more and no less; streams have as many as they like.
  package let expectsMessage: Bool
  package let backend: BackendSource

  package init(
    path: String, metadata: [(name: String, value: String)] = [], payload: Payload,
    expectsMessage: Bool = false, backend: BackendSource = .peer
  ) {
    self.path = path
    self.metadata = metadata
    self.payload = payload
    self.expectsMessage = expectsMessage
    self.backend = backend
  }

  /// One message as it is in a body: not compressed, its length, its bytes.
  package static func framed(_ message: [UInt8]) -> [UInt8] {
    let length = UInt32(clamping: message.count)
    return [0] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } + message
  }

  /// The messages of a body that ``framed(_:)`` made.
  static func messages(of body: [UInt8]) -> [[UInt8]] {
    var messages: [[UInt8]] = []
    var rest = body[...]
    while rest.count >= 5 {
      let length = rest.dropFirst().prefix(4).reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(5)
      messages.append(Array(rest.prefix(length)))
      rest = rest.dropFirst(length)
    }
    return messages
  }
}
