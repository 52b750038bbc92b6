import FairleadTelemetry
import Testing

@Suite("Outcome counts")
struct OutcomeCountsTests {
  private let served = OutcomeKind(httpStatus: 200, grpcStatus: 0, flag: nil)
  private let unavailable = OutcomeKind(
    httpStatus: 200, grpcStatus: 14, flag: .upstreamConnectFailure)

  @Test("keep each way of ending apart")
  func apart() {
    var counts = OutcomeCounts()
    counts.count(unavailable)
    counts.count(served)
    counts.count(served)
    #expect(counts[served] == 2)
    #expect(counts[unavailable] == 1)
    #expect(counts[.other] == 0)
    #expect(counts.total == 3)
    #expect(counts.all.map(\.kind) == [served, unavailable])
  }

  @Test("add up, whatever the order in which the ways were seen")
  func sum() {
    var first = OutcomeCounts()
    first.count(served)
    var second = OutcomeCounts()
    second.count(unavailable)
    second.count(served)
    first += second
    #expect(first[served] == 2)
    #expect(first[unavailable] == 1)
    #expect(second.total == 2)
  }

  @Test("stay bounded when a server makes up statuses, and lose no call")
  func bounded() {
    var counts = OutcomeCounts()
    counts.count(served)
    for status in 100...599 {
      counts.count(OutcomeKind(httpStatus: status, grpcStatus: nil, flag: nil))
    }
    counts.count(served)
    #expect(counts.all.count == OutcomeCounts.limit)
    #expect(counts.total == 502)
    #expect(counts[served] == 2)
    #expect(counts[.other] == 502 - 2 - UInt64(OutcomeCounts.limit - 2))
  }

  @Test("stay bounded when two full ones are added up")
  func boundedSum() {
    var total = OutcomeCounts()
    for offset in [100, 300] {
      var counts = OutcomeCounts()
      for status in offset..<(offset + 200) {
        counts.count(OutcomeKind(httpStatus: status, grpcStatus: nil, flag: nil))
      }
      total += counts
    }
    #expect(total.all.count == OutcomeCounts.limit)
    #expect(total.total == 400)
  }
}
