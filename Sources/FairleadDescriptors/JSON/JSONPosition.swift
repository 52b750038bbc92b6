/// A place in a text, as editors count: from line 1 and column 1, in characters.
package struct JSONPosition: Sendable, Hashable {
  package private(set) var line = 1
  package private(set) var column = 1

  package init() {}

  /// The place behind some text that begins here.
  package func after(_ text: some BidirectionalCollection<UInt8>) -> JSONPosition {
    var place = self
    place.line += text.count { $0 == 0x0A }
    var start = text.startIndex
    if let end = text.lastIndex(of: 0x0A) {
      start = text.index(after: end)
      place.column = 1
    }
    // Bytes that go on a character do not count.
    place.column += text[start...].count { $0 & 0xC0 != 0x80 }
    return place
  }
}
