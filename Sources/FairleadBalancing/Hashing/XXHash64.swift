/// The 64-bit xxHash of bytes: what gRPC and Envoy place endpoints and requests on a ring by.
///
/// Fast and well spread; no protection against somebody who looks for collisions.
public enum XXHash64 {
  private static let primes: (UInt64, UInt64, UInt64, UInt64, UInt64) = (
    0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x85EB_CA77_C2B2_AE63,
    0x27D4_EB2F_1656_67C5
  )

  /// The hash of a string's UTF-8.
  public static func hash(_ string: String, seed: UInt64 = 0) -> UInt64 {
    hash(Array(string.utf8), seed: seed)
  }

  /// The hash of these bytes under a seed.
  public static func hash(_ bytes: [UInt8], seed: UInt64 = 0) -> UInt64 {
    var offset = 0
    var hash = seed &+ primes.4
    if bytes.count >= 32 {
      hash = stripes(bytes, &offset, seed: seed)
    }
    hash &+= UInt64(bytes.count)
    while offset + 8 <= bytes.count {
      hash = rotate(hash ^ round(0, word(bytes, offset)), 27) &* primes.0 &+ primes.3
      offset += 8
    }
    if offset + 4 <= bytes.count {
      let half = word(bytes, offset, count: 4)
      hash = rotate(hash ^ (half &* primes.0), 23) &* primes.1 &+ primes.2
      offset += 4
    }
    while offset < bytes.count {
      hash = rotate(hash ^ (UInt64(bytes[offset]) &* primes.4), 11) &* primes.0
      offset += 1
    }
    hash = (hash ^ (hash >> 33)) &* primes.1
    hash = (hash ^ (hash >> 29)) &* primes.2
    return hash ^ (hash >> 32)
  }

  /// All whole stripes of 32 bytes, in four lanes.
  private static func stripes(
    _ bytes: [UInt8], _ offset: inout Int, seed: UInt64
  ) -> UInt64 {
    var first = seed &+ primes.0 &+ primes.1
    var second = seed &+ primes.1
    var third = seed
    var fourth = seed &- primes.0
    while offset + 32 <= bytes.count {
      first = round(first, word(bytes, offset))
      second = round(second, word(bytes, offset + 8))
      third = round(third, word(bytes, offset + 16))
      fourth = round(fourth, word(bytes, offset + 24))
      offset += 32
    }
    var hash = rotate(first, 1) &+ rotate(second, 7) &+ rotate(third, 12) &+ rotate(fourth, 18)
    hash = merge(hash, first)
    hash = merge(hash, second)
    hash = merge(hash, third)
    return merge(hash, fourth)
  }

  /// So many bytes as a number, the lowest first.
  private static func word(_ bytes: [UInt8], _ offset: Int, count: Int = 8) -> UInt64 {
    var word: UInt64 = 0
    for index in 0..<count {
      word |= UInt64(bytes[offset + index]) << UInt64(8 * index)
    }
    return word
  }

  private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    rotate(lane &+ word &* primes.1, 31) &* primes.0
  }

  private static func merge(_ hash: UInt64, _ lane: UInt64) -> UInt64 {
    (hash ^ round(0, lane)) &* primes.0 &+ primes.3
  }

  private static func rotate(_ word: UInt64, _ count: UInt64) -> UInt64 {
    word << count | word >> (64 - count)
  }
}
