/// The little of a DNS message (RFC 1035, section 4.1) that c-ares does not tell.
enum DNSMessage {
  /// The least time to live of the answers that stand before the first one that makes no sense, in
  /// seconds; `nil` if there is none.
  static func minimumTTL(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= 12 else { return nil }
    var index = 12
    for _ in 0..<number(bytes, 4) {
      guard let end = skipName(bytes, index) else { return nil }
      index = end + 4
    }
    var least: Int?
    for _ in 0..<number(bytes, 6) {
      guard let end = skipName(bytes, index), end + 10 <= bytes.count else { break }
      let ttl = number(bytes, end + 4) << 16 | number(bytes, end + 6)
      least = min(least ?? ttl, ttl)
      index = end + 10 + number(bytes, end + 8)
    }
    return least
  }

  private static func number(_ bytes: [UInt8], _ index: Int) -> Int {
    Int(bytes[index]) << 8 | Int(bytes[index + 1])
  }

  /// Where what follows a name begins; `nil` if it does not end.
  private static func skipName(_ bytes: [UInt8], _ start: Int) -> Int? {
    var index = start
    while index < bytes.count {
      let length = Int(bytes[index])
      if length == 0 { return index + 1 }
      // A pointer ends the name.
      if length >= 0xC0 { return index + 2 }
      index += 1 + length
    }
    return nil
  }
}
