import Testing

@testable import fairlead

@Suite("Deadlines and waiting")
struct DeadlineTests {
  @Test("What answers in time is not cut short")
  func inTime() async throws {
    #expect(try await within(.seconds(60)) { 1 } == 1)
    #expect(try await poll(within: .seconds(60)) { 2 } == 2)
  }

  @Test("What does not answer is cancelled at the limit, and has ended by then")
  func tooLate() async throws {
    let ended = AsyncStream.makeStream(of: Void.self)
    let answer = try await within(.milliseconds(1)) {
      await untilCancelled()
      ended.continuation.finish()
      return 1
    }
    #expect(answer == nil)
    for await _ in ended.stream {}
  }

  @Test("A condition that never answers is asked at least once, then given up")
  func neverTrue() async throws {
    var asked = 0
    let answer = try await poll(within: .zero) { () -> Int? in
      asked += 1
      return nil
    }
    #expect(answer == nil)
    #expect(asked == 1)
  }
}
