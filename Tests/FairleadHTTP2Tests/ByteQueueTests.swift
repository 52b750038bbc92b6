import FairleadTestSupport
import NIOCore
import Testing

@testable import FairleadHTTP2

@Suite("A byte queue")
struct ByteQueueTests {
  /// `[first, first + 1, …]`, so that a byte tells its place.
  private func bytes(_ count: Int, from first: Int = 0) -> [UInt8] {
    (first..<first + count).map { UInt8(truncatingIfNeeded: $0) }
  }

  private func append(_ bytes: [UInt8], to queue: inout ByteQueue) {
    bytes.withUnsafeBytes { queue.append($0) }
  }

  private func take(_ count: Int, from queue: inout ByteQueue) -> (bytes: [UInt8], fresh: Int) {
    var buffer = ByteBuffer()
    let fresh = queue.move(count, to: &buffer)
    return (Array(buffer.readableBytesView), fresh)
  }

  @Test("gives bytes out in the order in which they came", arguments: [true, false])
  func order(isRewindable: Bool) {
    var queue = ByteQueue(isRewindable: isRewindable)
    append(bytes(300), to: &queue)
    let first = take(100, from: &queue)
    append(bytes(300, from: 300), to: &queue)
    let second = take(500, from: &queue)
    let left = queue.count
    let total = queue.totalReceived
    #expect(first.bytes == bytes(100))
    #expect(second.bytes == bytes(500, from: 100))
    #expect(first.fresh == 100 && second.fresh == 500)
    #expect(left == 0)
    #expect(total == 600)
  }

  @Test("appends to what the buffer holds already")
  func appendsToBuffer() {
    var queue = ByteQueue(isRewindable: false)
    append([2, 3], to: &queue)
    var buffer = ByteBuffer(bytes: [1])
    _ = queue.move(2, to: &buffer)
    #expect(Array(buffer.readableBytesView) == [1, 2, 3])
  }

  @Test("gives the same bytes again after a rewind, and counts them as taken once")
  func rewind() {
    var queue = ByteQueue(isRewindable: true)
    append(bytes(1000), to: &queue)
    let first = take(700, from: &queue)
    queue.rewind()
    let available = queue.count
    let again = take(600, from: &queue)
    let rest = take(400, from: &queue)
    #expect(available == 1000)
    #expect(again.bytes == bytes(600))
    #expect(rest.bytes == bytes(400, from: 600))
    #expect(first.fresh == 700)
    #expect(again.fresh == 0)
    #expect(rest.fresh == 300)
  }

  @Test("can be rewound again and again while it keeps its bytes")
  func rewindTwice() {
    var queue = ByteQueue(isRewindable: true)
    append(bytes(10), to: &queue)
    var fresh = 0
    for _ in 0..<3 {
      fresh += take(10, from: &queue).fresh
      queue.rewind()
    }
    let all = take(10, from: &queue)
    #expect(all.bytes == bytes(10))
    #expect(fresh + all.fresh == 10)
  }

  @Test("stops being rewindable past its limit, not at it, and loses nothing")
  func rewindLimit() {
    let limit = ByteQueue.rewindLimit
    var queue = ByteQueue(isRewindable: true)
    append(bytes(limit), to: &queue)
    let first = take(limit - 1, from: &queue)
    let atLimit = queue.isRewindable
    append([7], to: &queue)
    let pastLimit = queue.isRewindable
    let rest = take(2, from: &queue)
    #expect(first.bytes == bytes(limit - 1))
    #expect(atLimit)
    #expect(!pastLimit)
    #expect(rest.bytes == [UInt8(truncatingIfNeeded: limit - 1), 7])
    #expect(rest.fresh == 2)
  }

  @Test("counts what is taken again after it stopped being rewindable in between")
  func stopWhileRewound() {
    var queue = ByteQueue(isRewindable: true)
    append(bytes(100), to: &queue)
    _ = take(60, from: &queue)
    queue.rewind()
    _ = take(10, from: &queue)
    queue.stopRewinding()
    // Room is made at the front here, which moves the mark of what was taken.
    append(bytes(400, from: 100), to: &queue)
    let rest = take(490, from: &queue)
    #expect(rest.bytes == bytes(490, from: 10))
    #expect(rest.fresh == 440)
  }

  @Test("answers with what was never taken when it lets everything go")
  func removeAll() {
    var untouched = ByteQueue(isRewindable: true)
    append(bytes(50), to: &untouched)
    var rewound = ByteQueue(isRewindable: true)
    append(bytes(50), to: &rewound)
    _ = take(30, from: &rewound)
    rewound.rewind()
    var drained = ByteQueue(isRewindable: false)
    append(bytes(50), to: &drained)
    _ = take(50, from: &drained)
    let answers = [untouched.removeAll(), rewound.removeAll(), drained.removeAll()]
    let left = [untouched.count, rewound.count, drained.count]
    let canRewind = [untouched.isRewindable, rewound.isRewindable]
    #expect(answers == [50, 20, 0])
    #expect(left == [0, 0, 0])
    #expect(canRewind == [false, false])
  }

  @Test("does nothing with no bytes")
  func nothing() {
    var queue = ByteQueue(isRewindable: true)
    append([], to: &queue)
    let nothing = take(0, from: &queue)
    #expect(nothing.bytes.isEmpty && nothing.fresh == 0)
    let untaken = queue.removeAll()
    #expect(untaken == 0)
  }

  @Test("does what a plain array does, whatever the order of operations", arguments: 1...40)
  func model(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    var queue = ByteQueue(isRewindable: true)
    var kept: [UInt8] = []
    var head = 0
    var furthest = 0
    var next = 0
    for _ in 0..<400 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<5:
        let new = bytes(Int.random(in: 0...3000, using: &random), from: next)
        next += new.count
        kept += new
        append(new, to: &queue)
      case 5..<8:
        let count = Int.random(in: 0...kept.count - head, using: &random)
        let taken = take(count, from: &queue)
        #expect(taken.bytes == Array(kept[head..<head + count]))
        #expect(taken.fresh == max(0, head + count - max(head, furthest)))
        head += count
        furthest = max(furthest, head)
      case 8:
        if queue.isRewindable {
          queue.rewind()
          head = 0
        }
      default:
        if Int.random(in: 0..<20, using: &random) == 0 {
          let untaken = queue.removeAll()
          #expect(untaken == kept.count - furthest)
          head = kept.count
          furthest = kept.count
        }
      }
      let count = queue.count
      #expect(count == kept.count - head)
    }
  }
}
