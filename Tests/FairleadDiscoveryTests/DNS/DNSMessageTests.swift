import FairleadBalancing
import Testing

@testable import FairleadDiscovery

@Suite struct DNSMessageTests {
  /// `a.test`: an alias with 300 s and an address with 60 s.
  private let message: [UInt8] =
    [0, 1, 0x81, 0x80, 0, 1, 0, 2, 0, 0, 0, 0]
    + [1, 97, 4, 116, 101, 115, 116, 0, 0, 1, 0, 1]
    + [0xC0, 12, 0, 5, 0, 1, 0, 0, 1, 44, 0, 4, 1, 98, 0xC0, 14]
    + [0xC0, 36, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, 1]

  @Test("the least time to live of all answers counts")
  func least() {
    #expect(DNSMessage.minimumTTL(message) == 60)
  }

  @Test("a message that is cut short or twisted harms nobody")
  func cut() {
    for length in 0..<message.count {
      let ttl = DNSMessage.minimumTTL(Array(message.prefix(length)))
      #expect(ttl == nil || ttl == 300 || ttl == 60)
    }
    let random = RandomSource(seed: 3)
    for _ in 0..<2000 {
      var twisted = message
      for _ in 0..<4 {
        twisted[random.next(below: twisted.count)] = UInt8(random.next(below: 256))
      }
      #expect(DNSMessage.minimumTTL(twisted) ?? 0 >= 0)
    }
  }
}
