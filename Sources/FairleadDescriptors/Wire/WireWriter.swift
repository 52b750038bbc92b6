/// Writes the parts of a serialised message.
struct WireWriter {
  private(set) var bytes: [UInt8] = []

  mutating func tag(_ number: Int32, _ type: WireType) {
    self.varint(UInt64(number) << 3 | UInt64(type.rawValue))
  }

  mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      self.bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    self.bytes.append(UInt8(rest))
  }

  /// Little-endian.
  mutating func fixed<T: FixedWidthInteger>(_ value: T) {
    for index in 0..<T.bitWidth / 8 {
      self.bytes.append(UInt8(truncatingIfNeeded: value >> T(8 * index)))
    }
  }

  mutating func lengthDelimited(_ part: some Collection<UInt8>) {
    self.varint(UInt64(part.count))
    self.bytes += part
  }

  mutating func append(_ part: [UInt8]) {
    self.bytes += part
  }
}
