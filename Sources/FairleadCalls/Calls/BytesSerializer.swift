import GRPCCore

/// Sends messages that are bytes already.
package struct BytesSerializer: MessageSerializer {
  package init() {}

  package func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) -> Bytes {
    Bytes(message)
  }
}
