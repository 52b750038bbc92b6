/// The stream ids that a client left out. Using a higher id closes all lower ones that were not used (RFC 9113 §5.1.1);
/// one of them that is opened all the same breaks the protocol.
struct SkippedStreams {
  /// Clients skip none; what one that does it all the time skipped first is forgotten.
  private static let limit = 16

  private var highest: Int32 = -1
  private var gaps: [ClosedRange<Int32>] = []

  /// The client opened a stream.
  mutating func opened(_ id: Int32) {
    if id > highest + 2 {
      gaps.append(highest + 2...id - 2)
      if gaps.count > Self.limit {
        gaps.removeFirst()
      }
    }
    highest = max(highest, id)
  }

  func contains(_ id: Int32) -> Bool {
    !gaps.isEmpty && gaps.contains { $0.contains(id) }
  }
}
