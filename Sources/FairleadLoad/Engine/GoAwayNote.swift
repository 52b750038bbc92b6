import FairleadDescriptors
import FairleadHTTP2

/// What a server's GOAWAY said, as a sentence has it: `GOAWAY (ENHANCE_YOUR_CALM, "too_many_pings")`.
struct GoAwayNote: CustomStringConvertible {
  let description: String

  /// Longer texts are cut, in characters.
  private static let longestText = 100

  /// - Parameter text: The debug data, which may be anything (RFC 9113 §6.8).
  init(_ code: ErrorCode, text: [UInt8]) {
    guard !text.isEmpty else {
      description = "GOAWAY (\(code))"
      return
    }
    let whole = String(decoding: text, as: UTF8.self).printable
    let shown = whole.count > Self.longestText ? "\(whole.prefix(Self.longestText))…" : whole
    description = "GOAWAY (\(code), \"\(shown)\")"
  }
}
