/// Cuts a stream of bytes into lines, however its chunks fall.
struct LineSplitter: Sendable {
  private let limit: Int
  private var partial: [UInt8] = []

  /// - Parameter limit: bytes of one line.
  init(limit: Int) {
    self.limit = limit
  }

  struct TooLong: Error, Sendable, Hashable {}

  /// The lines that the chunk completes, without their ends; empty ones are left out. What follows
  /// the last end is kept for the next chunk.
  mutating func split(_ chunk: [UInt8]) throws(TooLong) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var start = chunk.startIndex
    while let end = chunk[start...].firstIndex(of: 0x0A) {
      partial.append(contentsOf: chunk[start..<end])
      guard partial.count <= limit else { throw TooLong() }
      if partial.last == 0x0D { partial.removeLast() }
      if !partial.isEmpty { lines.append(partial) }
      partial = []
      start = chunk.index(after: end)
    }
    partial.append(contentsOf: chunk[start...])
    guard partial.count <= limit else { throw TooLong() }
    return lines
  }
}
