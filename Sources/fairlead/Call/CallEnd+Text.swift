import FairleadCalls
import FairleadDescriptors

extension CallEnd {
  /// Characters of a server's message that are shown.
  private static let maximumLength = 8192

  /// The message of a failure on one line, shortened and without control characters.
  var sentence: String {
    guard !self.message.isEmpty else { return "the server gives no reason" }
    let text = self.message.printable
    return text.count > Self.maximumLength ? text.prefix(Self.maximumLength) + "…" : text
  }
}
