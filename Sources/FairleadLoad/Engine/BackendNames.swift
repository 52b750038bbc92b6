/// The backends of a worker by the bytes that answers call them, so that no text is made for each call.
struct BackendNames {
  private var names: [(bytes: [UInt8], index: Int)] = []
  private var lastHit = 0

  /// More are found the slow way.
  private static let maximumNames = 64

  /// - Parameter intern: makes the number of a name that is new here.
  mutating func index(of bytes: ArraySlice<UInt8>, intern: (String) -> Int) -> Int {
    // Answers of balanced backends come in turn: the next one is likely.
    for offset in names.indices {
      let place = (lastHit + 1 + offset) % names.count
      if names[place].bytes.elementsEqual(bytes) {
        lastHit = place
        return names[place].index
      }
    }
    let index = intern(String(decoding: bytes, as: UTF8.self))
    if names.count < Self.maximumNames {
      names.append((Array(bytes), index))
    }
    return index
  }
}
