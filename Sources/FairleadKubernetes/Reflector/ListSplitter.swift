/// Cuts the items out of a list as it comes, so that no list has to be in memory as a whole: a page
/// of pods from a server's cache may be all pods of a cluster.
///
/// Reads as much of JSON as it takes to find where an item begins and ends; whether an item is JSON
/// is for its decoder to say.
struct ListSplitter: Sendable {
  private let limit: Int
  /// The list without its items.
  private(set) var envelope: [UInt8] = []
  private var item: [UInt8] = []

  private var depth = 0
  private var isInString = false
  private var isEscaped = false
  /// What was read of a key of the list itself; `nil` outside of one.
  private var keyInProgress: [UInt8]?
  private var key: [UInt8] = []
  private var expectsKey = false
  private var isInItems = false
  private(set) var isComplete = false

  enum Problem: Error, Sendable, Hashable {
    case tooLong
    case malformed
  }

  /// - Parameter limit: bytes of one item, and of all that is no item.
  init(limit: Int) {
    self.limit = limit
  }

  private static let itemsKey = [UInt8]("items".utf8)

  /// The items that the chunk completes.
  mutating func split(_ chunk: [UInt8]) throws(Problem) -> [[UInt8]] {
    var items: [[UInt8]] = []
    // What of the chunk belongs to the current item or the envelope begins here.
    var start = chunk.startIndex
    for index in chunk.indices {
      let byte = chunk[index]
      if isInString {
        stringByte(byte)
        continue
      }
      switch byte {
      case UInt8(ascii: "\""):
        isInString = true
        if depth == 1, expectsKey { keyInProgress = [] }
        if isInItems, depth == 2 { throw .malformed }
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        if isInItems, depth == 2 { start = index }
        depth += 1
        if depth == 1 { expectsKey = byte == UInt8(ascii: "{") }
        if depth == 2, byte == UInt8(ascii: "["), key == Self.itemsKey {
          try take(chunk[start...index], into: &envelope)
          isInItems = true
        }
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if isInItems, depth == 2 {
          try take(chunk[start...index], into: &item)
          items.append(item)
          item = []
        } else if isInItems, depth == 1 {
          isInItems = false
          start = index
        } else if depth == 0 {
          isComplete = true
        } else if depth < 0 {
          throw .malformed
        }
      case UInt8(ascii: ","):
        if depth == 1 {
          expectsKey = true
          key = []
        }
      default:
        break
      }
    }
    try keepRest(chunk, from: start)
    return items
  }

  private mutating func stringByte(_ byte: UInt8) {
    if isEscaped {
      isEscaped = false
    } else if byte == UInt8(ascii: "\\") {
      isEscaped = true
    } else if byte == UInt8(ascii: "\"") {
      isInString = false
      if let name = keyInProgress {
        key = name
        keyInProgress = nil
        expectsKey = false
      }
      return
    }
    // Longer names than the one that is looked for need not be known.
    if let count = keyInProgress?.count, count <= Self.itemsKey.count {
      keyInProgress?.append(byte)
    }
  }

  private mutating func keepRest(
    _ chunk: [UInt8], from start: Int
  ) throws(Problem) {
    if !isInItems {
      try take(chunk[start...], into: &envelope)
    } else if depth > 2 {
      try take(chunk[start...], into: &item)
    }
    // Between items there are commas and space.
  }

  private func take(
    _ bytes: ArraySlice<UInt8>, into buffer: inout [UInt8]
  ) throws(Problem) {
    guard buffer.count + bytes.count <= limit else { throw .tooLong }
    buffer.append(contentsOf: bytes)
  }
}
