import Testing

@testable import fairlead

@Suite("GoDuration")
struct GoDurationTests {
  @Test(
    "Reads what Go reads",
    arguments: [
      ("0", 0), ("+0", 0), ("-0", 0), ("0s", 0), ("1s", 1_000_000_000), ("+5s", 5_000_000_000),
      ("1.5s", 1_500_000_000), (".5s", 500_000_000), ("1.s", 1_000_000_000),
      ("250ms", 250_000_000), ("0.29s", 290_000_000), ("3us", 3000), ("3µs", 3000), ("3μs", 3000),
      ("7ns", 7), ("1m30s", 90_000_000_000), ("1h0m0.5s", 3_600_500_000_000),
      ("-1.5s", -1_500_000_000), ("9223372036854775807ns", Int64.max),
      ("0.100000000000000000000h", 360_000_000_000),
    ])
  func reads(text: String, nanoseconds: Int64) {
    #expect(GoDuration(parsing: text)?.nanoseconds == nanoseconds)
  }

  @Test(
    "Refuses what Go refuses",
    arguments: [
      "", "1", "-", "+", "s", ".s", "-.s", "1x", "1 s", "1s ", "3000000h", "9223372036854775808ns",
      "1s.", "1S", "--1s", "1e3s", "9223372036s1s",
    ])
  func refuses(text: String) {
    #expect(GoDuration(parsing: text) == nil)
  }

  @Test(
    "Writes as Go writes",
    arguments: [
      (0, "0s"), (1, "1ns"), (1100, "1.1µs"), (2_200_000, "2.2ms"), (3_300_000_000, "3.3s"),
      (1_000_000_000, "1s"), (300_000_000, "300ms"), (245_000_000_000, "4m5s"),
      (245_001_000_000, "4m5.001s"), (18_367_001_000_000, "5h6m7.001s"),
      (3_600_000_000_000, "1h0m0s"), (-1_500_000_000, "-1.5s"),
      (480_000_000_001, "8m0.000000001s"), (Int64.max, "2562047h47m16.854775807s"),
    ])
  func writes(nanoseconds: Int64, text: String) {
    #expect(GoDuration(nanoseconds: nanoseconds).description == text)
  }

  @Test("A Duration is cut where Go's has its ends")
  func durations() {
    #expect(GoDuration(.milliseconds(-1500)).nanoseconds == -1_500_000_000)
    #expect(GoDuration(.seconds(Int64.max)).nanoseconds == .max)
    #expect(GoDuration(.seconds(Int64.min)).nanoseconds == .min)
    #expect(GoDuration(nanoseconds: 5).duration == .nanoseconds(5))
  }
}
