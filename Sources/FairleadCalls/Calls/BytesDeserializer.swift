import GRPCCore

/// Takes messages as bytes.
package struct BytesDeserializer: MessageDeserializer {
  package init() {}

  package func deserialize<Bytes: GRPCContiguousBytes>(
    _ serializedMessageBytes: Bytes
  ) -> [UInt8] {
    serializedMessageBytes.withUnsafeBytes { [UInt8]($0) }
  }
}
