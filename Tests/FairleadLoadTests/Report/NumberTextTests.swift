import Testing

@testable import FairleadLoad

@Suite("Numbers as people read them")
struct NumberTextTests {
  @Test(
    "Thousands are apart",
    arguments: [
      (0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (10_000, "10,000"),
      (1_234_567, "1,234,567"), (-1000, "-1,000"), (Int.max, "9,223,372,036,854,775,807"),
      (Int.min, "-9,223,372,036,854,775,808"),
    ])
  func count(number: Int, text: String) {
    #expect(NumberText.count(number) == text)
  }

  @Test("A noun follows its number")
  func nouns() {
    #expect(NumberText.count(1, "call") == "1 call")
    #expect(NumberText.count(0, "call") == "0 calls")
    #expect(NumberText.all(1) == "the one call")
    #expect(NumberText.all(2000) == "all 2,000 calls")
  }

  @Test(
    "Times are in the unit that fits, with three digits",
    arguments: [
      (0.0, "0 s"), (1e-9, "1.00 ns"), (999e-9, "999 ns"), (999.6e-9, "1.00 µs"),
      (412.4e-6, "412 µs"), (1.214e-3, "1.21 ms"), (9.996e-3, "10.0 ms"), (12.14e-3, "12.1 ms"),
      (0.999, "999 ms"), (0.9996, "1.00 s"), (12.14, "12.1 s"), (99.97, "100 s"),
      (119.6, "2 min 0 s"), (123.0, "2 min 3 s"), (3599.6, "1 h 0 min"), (5400.0, "1 h 30 min"),
    ])
  func time(seconds: Double, text: String) {
    #expect(NumberText.time(seconds) == text)
  }

  @Test("No number is too great to be written")
  func great() {
    #expect(NumberText.time(1e300).hasSuffix(" h"))
    #expect(NumberText.rate(.infinity) == "inf")
    #expect(NumberText.time(.nan).isEmpty == false)
  }

  @Test(
    "A share is per cent, and never 0 or 100 when it is not",
    arguments: [
      (0.0, "0.0%"), (0.0001, "<0.1%"), (0.0005, "0.1%"), (1.0 / 3, "33.3%"), (0.9994, "99.9%"),
      (0.9999, ">99.9%"), (1.0, "100.0%"),
    ])
  func percent(share: Double, text: String) {
    #expect(NumberText.percent(share) == text)
  }

  @Test(
    "A rate has three digits at least",
    arguments: [
      (0.0, "0.00"), (4.333, "4.33"), (9.999, "10.0"), (43.33, "43.3"), (99.96, "100"),
      (4329.4, "4,329"),
    ])
  func rate(perSecond: Double, text: String) {
    #expect(NumberText.rate(perSecond) == text)
  }

  @Test(
    "Octets are in binary units",
    arguments: [
      (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"),
      (1_048_575, "1.0 MiB"), (1_073_741_824, "1.0 GiB"),
    ])
  func bytes(count: Int, text: String) {
    #expect(NumberText.bytes(count) == text)
  }

  @Test("Of a long list the least and the most are shown")
  func lists() {
    #expect(NumberText.ratio([1, 2, 0]) == "1 : 2 : 0")
    #expect(NumberText.ratio(Array(0..<9)) == "0 to 8 each")
    #expect(NumberText.shares([9, 1]) == "90.0% : 10.0%")
    #expect(NumberText.shares([0, 0]) == "0.0% : 0.0%")
    #expect(NumberText.shares([2] + Array(repeating: 1, count: 8)) == "10.0% to 20.0% each")
  }
}
