import Testing

@testable import FairleadManifests

@Suite("Unquoted scalars mean what kubectl takes them for")
struct ScalarResolutionTests {
  @Test(
    "booleans",
    arguments: [("true", true), ("Yes", true), ("ON", true), ("no", false), ("off", false)])
  func booleans(text: String, expected: Bool) {
    guard case .bool(expected) = ScalarResolution.resolve(text) else {
      Issue.record("\(text) is \(ScalarResolution.resolve(text))")
      return
    }
  }

  @Test(
    "whole numbers",
    arguments: [
      ("0", 0), ("-7", -7), ("+8", 8), ("0x1F", 31), ("0o17", 15), ("017", 15), ("0b11", 3),
      ("1_000", 1000), ("9223372036854775807", Int.max),
    ])
  func integers(text: String, expected: Int) {
    guard case .int(expected) = ScalarResolution.resolve(text) else {
      Issue.record("\(text) is \(ScalarResolution.resolve(text))")
      return
    }
  }

  @Test("other numbers", arguments: ["1.5", "-.5", "1e3", "9223372036854775808", ".inf", "08.5"])
  func floats(text: String) {
    guard case .float = ScalarResolution.resolve(text) else {
      Issue.record("\(text) is \(ScalarResolution.resolve(text))")
      return
    }
  }

  @Test("nothing", arguments: ["", "~", "null", "NULL"])
  func nulls(text: String) {
    guard case .null = ScalarResolution.resolve(text) else {
      Issue.record("\(text) is \(ScalarResolution.resolve(text))")
      return
    }
  }

  @Test(
    "everything else is a string",
    arguments: [
      "y", "n", "v1", "1.2.3", "10.0.0.1", "--1", "+-1", "0x", "0xZZ", "1:30", "2024-01-01", "-",
      ".", "e", "nan", "infinity", "0x1p3", "+", "1-2",
    ])
  func strings(text: String) {
    guard case .string(text) = ScalarResolution.resolve(text) else {
      Issue.record("\(text) is \(ScalarResolution.resolve(text))")
      return
    }
  }
}
