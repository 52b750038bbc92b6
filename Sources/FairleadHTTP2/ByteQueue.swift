import NIOCore

/// The bytes of one direction of a stream that were received and not yet taken, in one contiguous block.
///
/// Its length is bounded by the flow-control window of the stream that fills it. While it is *rewindable* the bytes that
/// were taken stay, so that a retried RPC can send them again; past `rewindLimit` bytes it stops being so.
struct ByteQueue: ~Copyable {
  private var base: UnsafeMutableRawPointer?
  private var capacity = 0
  private var head = 0
  private var tail = 0
  /// How far `head` ever was: bytes taken again after a rewind are not taken for the first time.
  private var furthestHead = 0
  private(set) var isRewindable: Bool
  /// All bytes that ever came in.
  private(set) var totalReceived = 0

  static let rewindLimit = 64 * 1024

  init(isRewindable: Bool) {
    self.isRewindable = isRewindable
  }

  /// A queue that has all bytes it will ever have, and keeps them however many there are, so that they can be sent again and
  /// again.
  init(holding bytes: [UInt8]) {
    isRewindable = true
    makeRoom(for: bytes.count)
    bytes.withUnsafeBytes { source in
      guard let first = source.baseAddress else { return }
      base?.copyMemory(from: first, byteCount: source.count)
    }
    tail = bytes.count
  }

  deinit {
    base?.deallocate()
  }

  var count: Int { tail - head }

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress, bytes.count > 0 else { return }
    totalReceived += bytes.count
    if isRewindable, tail + bytes.count > Self.rewindLimit {
      stopRewinding()
    }
    makeRoom(for: bytes.count)
    (base! + tail).copyMemory(from: source, byteCount: bytes.count)
    tail += bytes.count
  }

  /// Counts bytes that came in and are not kept.
  mutating func drop(_ length: Int) {
    totalReceived += length
  }

  /// Moves the first `length` bytes to the end of `buffer`; the answer is how many were taken for the first time.
  mutating func move(_ length: Int, to buffer: inout ByteBuffer) -> Int {
    precondition(length <= count, "Only bytes that are in the queue can be taken.")
    guard length > 0, let base else { return 0 }
    buffer.writeBytes(UnsafeRawBufferPointer(start: base + head, count: length))
    head += length
    let fresh = max(0, head - furthestHead)
    furthestHead = max(furthestHead, head)
    if head == tail, !isRewindable {
      reset()
    }
    return fresh
  }

  /// All that was taken is there again. Only while `isRewindable`.
  mutating func rewind() {
    precondition(isRewindable, "A queue that let bytes go cannot be rewound.")
    head = 0
  }

  mutating func stopRewinding() {
    isRewindable = false
    if head == tail {
      reset()
    }
  }

  /// Lets all bytes go; the answer is how many had never been taken.
  mutating func removeAll() -> Int {
    let untaken = tail - max(head, furthestHead)
    isRewindable = false
    reset()
    return untaken
  }

  private mutating func reset() {
    head = 0
    tail = 0
    furthestHead = 0
    if capacity > 64 * 1024 {
      base?.deallocate()
      base = nil
      capacity = 0
    }
  }

  private mutating func makeRoom(for length: Int) {
    guard tail + length > capacity else { return }
    if !isRewindable, head > 0 {
      if let base {
        base.copyMemory(from: base + head, byteCount: tail - head)
      }
      tail -= head
      furthestHead -= head
      head = 0
    }
    guard tail + length > capacity else { return }
    var newCapacity = max(256, capacity)
    while newCapacity < tail + length {
      newCapacity *= 2
    }
    let grown = UnsafeMutableRawPointer.allocate(byteCount: newCapacity, alignment: 16)
    if let base {
      grown.copyMemory(from: base, byteCount: tail)
      base.deallocate()
    }
    base = grown
    capacity = newCapacity
  }
}
