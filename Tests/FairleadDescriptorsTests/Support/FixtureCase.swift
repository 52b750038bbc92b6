import FairleadDescriptors
import Testing

/// One line of the fixtures.
struct FixtureCase {
  var type: String
  var wire: [UInt8]?
  /// JSON text to read.
  var input: String?
  /// What the wire is shown as.
  var json: JSONValue?
  /// As ``json``, with names of the .proto file.
  var names: JSONValue?
  /// As ``json``, with empty fields.
  var defaults: JSONValue?
  /// How it is serialised again; nil if it cannot be, or is refused.
  var canonical: [UInt8]?
  var isRejected: Bool

  init(_ value: JSONValue) throws {
    self.type = try #require(value["type"]?.string)
    self.wire = value["wire"]?.string.map { Self.bytes(hex: $0) }
    self.input = value["input"]?.string
    self.json = value["json"]
    self.names = value["names"]
    self.defaults = value["defaults"]
    self.isRejected = value["rejected"] != nil
    self.canonical =
      value["canonical"]?.string.map { Self.bytes(hex: $0) }
      ?? (self.isRejected || value["once"] != nil ? nil : self.wire)
  }

  static func bytes(hex: String) -> [UInt8] {
    let digits = hex.compactMap { $0.hexDigitValue }
    return stride(from: 0, to: digits.count - 1, by: 2).map {
      UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
  }

  static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
