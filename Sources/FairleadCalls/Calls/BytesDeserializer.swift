import GRPCCore

/// Takes messages as bytes.
package struct BytesDeserializer: MessageDeserializer {
  private let maximumSize: Int

  /// - Parameter maximumSize: Bytes of one message. A larger one fails the call with
  ///   `RESOURCE_EXHAUSTED`, as gRPC has it.
  package init(maximumSize: Int) {
    self.maximumSize = maximumSize
  }

  package func deserialize<Bytes: GRPCContiguousBytes>(
    _ serializedMessageBytes: Bytes
  ) throws -> [UInt8] {
    let size = serializedMessageBytes.count
    guard size <= self.maximumSize else {
      throw RPCError(
        code: .resourceExhausted,
        message: "A message of \(size) bytes is larger than the limit of \(self.maximumSize).")
    }
    return serializedMessageBytes.withUnsafeBytes { [UInt8]($0) }
  }
}
