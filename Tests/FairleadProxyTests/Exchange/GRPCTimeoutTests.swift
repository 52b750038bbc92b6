import FairleadTestSupport
import Testing

@testable import FairleadProxy

@Suite("A grpc-timeout")
struct GRPCTimeoutTests {
  private func nanoseconds(_ text: String) -> UInt64? {
    GRPCTimeout(Array(text.utf8))?.nanoseconds
  }

  @Test(
    "is read in every unit",
    arguments: [
      ("1n", 1), ("2u", 2000), ("3m", 3_000_000), ("4S", 4_000_000_000),
      ("5M", 300_000_000_000), ("6H", 21_600_000_000_000), ("0S", 0), ("00000007n", 7),
      ("99999999n", 99_999_999), ("99999999M", 5_999_999_940_000_000_000),
    ] as [(String, UInt64)])
  func units(text: String, expected: UInt64) {
    // A century is the most.
    #expect(nanoseconds(text) == min(expected, 3_155_760_000_000_000_000))
  }

  @Test("that is longer than a century is a century, and sums with it do not overflow")
  func overflow() throws {
    let longest = try #require(nanoseconds("99999999H"))
    #expect(longest == 3_155_760_000_000_000_000)
    #expect(!longest.addingReportingOverflow(.max / 2).overflow)
  }

  @Test(
    "that is not of the form is none",
    arguments: [
      "", "1", "n", "S", "1s", "1h", "123456789n", "-1S", "+1S", " 1S", "1S ", "1.5S", "0x1S",
      "١S", "1SS", "n1",
    ])
  func bad(text: String) {
    #expect(nanoseconds(text) == nil)
  }

  @Test(
    "is written in the finest unit that fits, rounded down",
    arguments: [
      (0, "0n"), (1, "1n"), (99_999_999, "99999999n"), (100_000_000, "100000u"),
      (99_999_999_999, "99999999u"), (100_000_000_000, "100000m"),
      (99_999_999_999_999, "99999999m"),
      (100_000_000_000_000, "100000S"), (3_155_760_000_000_000_000, "52596000M"),
    ] as [(UInt64, String)])
  func text(nanoseconds: UInt64, expected: String) {
    #expect(GRPCTimeout(nanoseconds: nanoseconds).text == expected)
  }

  @Test("is never longer, and hardly shorter, after it was written and read")
  func roundTrip() throws {
    var random = SeededRandom(seed: 1)
    for _ in 0..<2000 {
      let exact = UInt64.random(
        in: 0...(1 << UInt64.random(in: 1...61, using: &random)), using: &random)
      let text = GRPCTimeout(nanoseconds: exact).text
      #expect(text.utf8.count <= 9)
      let read = try #require(nanoseconds(text))
      #expect(read <= exact)
      #expect(exact - read <= max(1, exact / 1000))
    }
  }
}
