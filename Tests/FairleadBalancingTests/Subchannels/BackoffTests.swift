import FairleadBalancing
import Testing

@Suite("The backoff")
struct BackoffTests {
  private let random = RandomSource(seed: 3)

  @Test("grows by the multiplier up to the maximum")
  func growth() {
    let backoff = Backoff(
      initial: .seconds(1), multiplier: 2, jitter: 0, maximum: .seconds(5))
    let delays = (1...5).map { backoff.delay(attempt: $0, random: random) }
    #expect(delays == [.seconds(1), .seconds(2), .seconds(4), .seconds(5), .seconds(5)])
  }

  @Test("stays within the jitter and uses all of it", arguments: [Backoff.grpc, .proxy])
  func jitter(backoff: Backoff) {
    for (attempt, factor) in [(1, 1.0), (2, 1.6), (3, 2.56)] {
      let base = backoff.initial * factor
      let delays = (0..<1_000).map { _ in backoff.delay(attempt: attempt, random: random) }
      #expect(delays.allSatisfy { $0 >= base * 0.799 && $0 <= base * 1.201 })
      #expect(delays.contains { $0 < base * 0.82 } && delays.contains { $0 > base * 1.18 })
    }
    let last = backoff.delay(attempt: .max, random: random)
    #expect(last >= backoff.maximum * 0.799 && last <= backoff.maximum * 1.201)
  }

  @Test("has gRPC's values, and quicker ones for the proxy")
  func values() {
    #expect(Backoff.grpc.initial == .seconds(1) && Backoff.grpc.maximum == .seconds(120))
    #expect(Backoff.proxy.initial == .milliseconds(100) && Backoff.proxy.maximum == .seconds(10))
    #expect(Backoff.grpc.multiplier == 1.6 && Backoff.grpc.jitter == 0.2)
  }

  @Test("brings values out of range to the nearest within")
  func limits() {
    let backoff = Backoff(
      initial: .seconds(-1), multiplier: 0.5, jitter: 7, maximum: .seconds(-2))
    #expect(backoff.initial == .zero && backoff.maximum == .zero)
    #expect(backoff.multiplier == 1 && backoff.jitter == 1)
    #expect(backoff.delay(attempt: 9, random: random) == .zero)
    #expect(Backoff.grpc.delay(attempt: 0, random: random) < .milliseconds(1_201))
  }
}
