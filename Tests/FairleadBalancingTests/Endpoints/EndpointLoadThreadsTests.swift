import FairleadBalancing
import Testing

@Suite("An endpoint's records, under many threads,")
struct EndpointLoadThreadsTests {
  /// Runs this 1,000 times on each of 4 tasks.
  private func concurrently(_ body: @escaping @Sendable (Int) -> Void) async {
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<4 {
        group.addTask {
          for call in 0..<1_000 { body(task * 1_000 + call) }
        }
      }
    }
  }

  /// 4,000 calls, of which 3,400 fail: exactly 85 %. One less, and nothing is ejected.
  @Test("lose no call's status", arguments: [(3_400, true), (3_399, false)])
  func statuses(failures: Int, isEjected: Bool) async {
    let load = EndpointLoad()
    var detector = OutlierDetector(
      OutlierDetection(failurePercentage: .init(minimumEndpoints: 1, minimumCalls: 4_000)),
      random: RandomSource(seed: 1))
    detector.update([(SubchannelID(index: 0), load)])
    await concurrently { call in
      load.callBegan()
      _ = load.callEnded(status: call < failures ? 14 : 0)
    }
    detector.sweep(now: .seconds(10))
    #expect(detector.ejected.isEmpty != isEjected)
    #expect(load.active == 0 && load.total == 4_000)
  }

  @Test("keep the highest peak of a moment")
  func peak() async throws {
    let load = EndpointLoad()
    await concurrently { call in
      load.recordLatency(.milliseconds(call), now: .seconds(1))
    }
    let seconds = try #require(load.peakLatency) / Duration.seconds(1)
    #expect(abs(seconds - 3.999) < 1e-9)
  }
}
