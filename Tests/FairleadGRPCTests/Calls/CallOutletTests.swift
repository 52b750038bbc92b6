import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Synchronization
import Testing

@testable import FairleadGRPC

@Suite("What a call has sent")
struct CallOutletTests {
  private let first = RecordedOutbound()
  private let second = RecordedOutbound()

  /// What one message may have to be kept beside the metadata.
  private static let room = CallOutlet.limit - 2 * CallOutlet.costOfPart

  /// An outlet to the first stream to which so many bytes were sent.
  private func outlet(after sizes: Int...) async throws -> CallOutlet {
    var outlet = CallOutlet(first.outbound)
    try await send(.metadata([:]), by: &outlet)
    for size in sizes { try await send(.message(size), by: &outlet) }
    return outlet
  }

  /// Does what the outlet says with a part.
  private func send(_ part: CallOutlet.Part, by outlet: inout CallOutlet) async throws {
    if case .send(let outbound, _) = outlet.send(part) { try await outbound.write(part) }
  }

  private func restart(_ outlet: inout CallOutlet) -> Bool { outlet.restart() }

  /// Follows the outlet on the second stream until it says what comes then.
  private func replay(_ outlet: inout CallOutlet) async throws -> CallOutlet.Replay {
    while true {
      let next = outlet.replay(to: second.outbound, generation: outlet.generation)
      guard case .send(let parts) = next else { return next }
      try await second.outbound.write(contentsOf: parts)
    }
  }

  @Test("goes to the stream, and once more to another one")
  func replays() async throws {
    var outlet = try await outlet(after: 10, 20)
    #expect(restart(&outlet))
    guard case .done = try await replay(&outlet) else {
      return #expect(Bool(false), "more may come")
    }
    #expect(second.sizes == [0, 10, 20])
    // What comes later goes to the second stream alone.
    try await send(.message(30), by: &outlet)
    #expect(second.sizes == [0, 10, 20, 30])
    #expect(first.sizes == [0, 10, 20])
  }

  @Test("can be sent anew as a whole, again and again, until an answer comes")
  func replaysAgain() async throws {
    var outlet = try await outlet(after: 10)
    #expect(restart(&outlet))
    _ = try await replay(&outlet)
    try await send(.message(20), by: &outlet)
    #expect(restart(&outlet))
    _ = try await replay(&outlet)
    #expect(second.sizes == [0, 10, 20, 0, 10, 20])
    outlet.commit()
    #expect(!restart(&outlet))
  }

  @Test("is not kept any more when the answer comes while it is sent anew")
  func commitsWhileReplaying() async throws {
    var outlet = try await outlet(after: 10)
    #expect(restart(&outlet))
    outlet.commit()
    _ = try await replay(&outlet)
    #expect(second.sizes == [0, 10])
    #expect(!restart(&outlet))
  }

  @Test("is not sent anew when its caller has ended it with an error")
  func failed() async throws {
    var outlet = try await outlet(after: 10)
    _ = outlet.finish(throwing: RPCError(code: .dataLoss, message: "no more"))
    #expect(outlet.hasFailed)
    #expect(!restart(&outlet))
  }

  @Test("is not kept any more once an answer came")
  func commits() async throws {
    var outlet = try await outlet(after: 10)
    outlet.commit()
    #expect(!restart(&outlet))
    guard case .send(_, isKept: false) = outlet.send(.message(1)) else {
      return #expect(Bool(false), "an error of the stream has to be told")
    }
  }

  @Test("is kept up to 256 KiB in all, and not a byte more")
  func limit() async throws {
    var whole = try await outlet(after: Self.room)
    #expect(restart(&whole))
    var larger = try await outlet(after: Self.room + 1)
    #expect(!restart(&larger))
    #expect(first.sizes.last == Self.room + 1, "it is sent nevertheless")
    try await send(.message(3), by: &larger)
    #expect(first.sizes.last == 3)
  }

  @Test("is kept up to a number of parts, too: empty ones are not for nothing")
  func limitOfParts() async throws {
    let count = CallOutlet.limit / CallOutlet.costOfPart - 1
    var whole = try await outlet()
    for _ in 0..<count { try await send(.message(0), by: &whole) }
    var larger = whole
    #expect(restart(&whole))
    try await send(.message(0), by: &larger)
    #expect(!restart(&larger))
  }

  @Test("waits for the second stream while that is opened, in its order")
  func sendsWhileReplaying() async throws {
    var outlet = try await outlet(after: 10)
    #expect(restart(&outlet))
    try await send(.message(20), by: &outlet)
    guard case .send(let parts) = outlet.replay(to: second.outbound, generation: outlet.generation)
    else {
      return #expect(Bool(false), "there are parts to send")
    }
    // Meanwhile, the caller sends on and finishes: the task that replays will do that, too.
    try await send(.message(30), by: &outlet)
    guard case .leave = outlet.finish() else {
      return #expect(Bool(false), "the stream may not have all parts yet")
    }
    try await second.outbound.write(contentsOf: parts)
    guard case .finish(nil) = try await replay(&outlet) else {
      return #expect(Bool(false), "the caller has finished")
    }
    #expect(second.sizes == [0, 10, 20, 30])
    #expect(first.sizes == [0, 10])
    #expect(outlet.isFinished)
  }

  @Test("takes what ended before the refusal to its end on the second stream")
  func finishesBefore() async throws {
    var outlet = try await outlet(after: 10)
    guard case .send(_, isKept: true) = outlet.finish() else {
      return #expect(Bool(false), "the first stream ends")
    }
    #expect(restart(&outlet))
    guard case .finish(nil) = try await replay(&outlet) else {
      return #expect(Bool(false), "the caller has finished")
    }
    #expect(second.sizes == [0, 10])
  }

  @Test("tells the second stream of the error that the caller ended with")
  func failsWhileReplaying() async throws {
    var outlet = try await outlet()
    #expect(restart(&outlet))
    _ = outlet.finish(throwing: RPCError(code: .dataLoss, message: "no more"))
    guard case .finish(let error as RPCError) = try await replay(&outlet) else {
      return #expect(Bool(false), "the caller has failed")
    }
    #expect(error.code == .dataLoss)
  }

  @Test("gives the second stream up when it becomes too much before that is there")
  func exceedsTheLimitWhileReplaying() async throws {
    var outlet = try await outlet(after: Self.room)
    #expect(restart(&outlet))
    try await send(.message(1), by: &outlet)
    guard case .abandon = outlet.replay(to: second.outbound, generation: outlet.generation) else {
      return #expect(Bool(false), "a part is missing")
    }
    #expect(second.sizes.isEmpty)
    guard case .refuse = outlet.send(.message(1)), case .leave = outlet.finish() else {
      return #expect(Bool(false), "there is no stream")
    }
    #expect(outlet.isAbandoned)
  }

  @Test("counts what it has replayed when the caller goes on, until all was sent")
  func countsWhatWasReplayed() async throws {
    var outlet = try await outlet(after: Self.room - CallOutlet.costOfPart - 10)
    #expect(restart(&outlet))
    guard case .send = outlet.replay(to: second.outbound, generation: outlet.generation) else {
      return #expect(Bool(false), "there are parts to send")
    }
    try await send(.message(11), by: &outlet)
    guard case .abandon = outlet.replay(to: second.outbound, generation: outlet.generation) else {
      return #expect(Bool(false), "the call is larger than what is kept")
    }
  }

  @Test("leaves a stream that was not processed, either, to the next one")
  func superseded() async throws {
    var outlet = try await outlet(after: 10)
    #expect(restart(&outlet))
    let old = outlet.generation
    guard case .send = outlet.replay(to: second.outbound, generation: old) else {
      return #expect(Bool(false), "there are parts to send")
    }
    #expect(restart(&outlet), "while it is replayed")
    guard case .superseded = outlet.replay(to: first.outbound, generation: old) else {
      return #expect(Bool(false), "another stream is asked for")
    }
    _ = try await replay(&outlet)
    #expect(second.sizes == [0, 10])
  }

  @Test("goes nowhere once there will be no stream")
  func abandons() async throws {
    var outlet = try await outlet(after: 10)
    #expect(restart(&outlet))
    outlet.abandon()
    try await send(.message(20), by: &outlet)
    guard case .abandon = outlet.replay(to: second.outbound, generation: outlet.generation),
      case .leave = outlet.finish()
    else {
      return #expect(Bool(false), "there is no stream")
    }
    #expect(first.sizes == [0, 10])
    #expect(second.sizes.isEmpty)
  }
}

/// A stream's outbound side that notes the sizes of what is written.
private final class RecordedOutbound: ClosableRPCWriterProtocol {
  typealias Element = CallOutlet.Part

  private let written = Mutex<[Int]>([])

  var sizes: [Int] { written.withLock { $0 } }
  var outbound: RPCWriter<Element>.Closable { RPCWriter.Closable(wrapping: self) }

  func write(_ element: Element) async throws {
    try await write(contentsOf: [element])
  }

  func write(contentsOf elements: some Sequence<Element>) async throws {
    let sizes = elements.map { part in
      switch part {
      case .metadata: 0
      case .message(let bytes): bytes.count
      }
    }
    written.withLock { $0 += sizes }
  }

  func finish() async {}

  func finish(throwing error: any Error) async {}
}

extension RPCRequestPart where Bytes == GRPCNIOTransportBytes {
  fileprivate static func message(_ size: Int) -> Self {
    .message(GRPCNIOTransportBytes(repeating: 0, count: size))
  }
}
