import Testing

@testable import fairlead

@Suite("DurationArgument")
struct DurationArgumentTests {
  @Test(
    "Durations are read as they are written",
    arguments: [
      ("0", Duration.zero), ("0s", .zero), ("30s", .seconds(30)), ("5ms", .milliseconds(5)),
      ("1m", .seconds(60)), ("1h30m", .seconds(5400)), ("1.5s", .milliseconds(1500)),
      ("250us", .microseconds(250)), ("10ns", .nanoseconds(10)), ("1m0.5s", .milliseconds(60_500)),
    ]
  )
  func reads(text: String, duration: Duration) {
    #expect(DurationArgument(parsing: text)?.duration == duration)
  }

  @Test(
    "What is not a duration is refused",
    arguments: [
      "", "5", "s", "5 s", "-5s", "5S", "5sec", ".5s", "5.s", "1..5s", "5s3", "inf", "1e3s", "٣s",
      "99999999h", "999999999999999999999s",
    ]
  )
  func refuses(text: String) {
    #expect(DurationArgument(parsing: text) == nil)
  }

  @Test(
    "It is written so that it reads back as the same",
    arguments: ["0", "1h", "90m", "61s", "5ms", "1s500ms", "250us", "1ns"]
  )
  func writes(text: String) throws {
    #expect(try #require(DurationArgument(parsing: text)).description == text)
  }
}
