import GRPCCore
import Synchronization
import Testing

@testable import FairleadCalls

@Suite("The time of all questions by reflection")
struct ReflectionTimeTests {
  /// A clock that goes on when it is told to.
  private final class Story: Sendable {
    let start = ContinuousClock.now
    private let passed = Mutex(Duration.zero)

    var now: ContinuousClock.Instant { self.start + self.passed.withLock { $0 } }

    func pass(_ duration: Duration) { self.passed.withLock { $0 += duration } }
  }

  private struct Refusal: Error {}

  @Test("What a question takes, whether it is answered or not, is missing for the next")
  func oneBudget() async throws {
    let story = Story()
    let time = ReflectionTime(limit: .seconds(30)) { story.now }
    try await time.spend { limit in
      #expect(limit == .seconds(30))
      story.pass(.seconds(10))
    }
    // Time between questions is not the server's.
    story.pass(.seconds(100))
    await #expect(throws: Refusal.self) {
      try await time.spend { limit in
        #expect(limit == .seconds(20))
        story.pass(.seconds(20))
        throw Refusal()
      }
    }
    let error = await #expect(throws: RPCError.self) {
      try await time.spend { _ in Issue.record("There is no time left.") }
    }
    #expect(error?.code == .deadlineExceeded)
  }

  @Test("No question lasts longer than the command may")
  func deadline() async throws {
    let story = Story()
    let time = ReflectionTime(limit: .seconds(30), deadline: story.start + .seconds(5)) {
      story.now
    }
    try await time.spend { limit in #expect(limit == .seconds(5)) }
    story.pass(.seconds(6))
    let error = await #expect(throws: RPCError.self) {
      try await time.spend { _ in Issue.record("It is over.") }
    }
    #expect(error?.code == .deadlineExceeded)
  }
}
