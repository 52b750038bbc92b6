import FairleadBalancing
import GRPCCore
import Testing

@testable import FairleadGRPC

@Suite("The mark of streams that were not processed")
struct UnprocessedMarkTests {
  private typealias Reason = UnprocessedMark.Reason

  @Test("is none of the codes that HTTP/2 knows, and another one for each transport")
  func code() {
    let codes = (UInt64(0)..<50).flatMap { seed in
      let mark = UnprocessedMark(random: RandomSource(seed: seed))
      return Reason.allCases.map { mark.code($0).networkCode }
    }
    #expect(codes.allSatisfy { $0 >= 0x8000_0000 && $0 <= Int(UInt32.max) })
    #expect(Set(codes).count > 90)
  }

  @Test("is found in the status of its own resets alone", arguments: Reason.allCases)
  func reason(_ reason: UnprocessedMark.Reason) {
    let mark = UnprocessedMark(random: RandomSource(seed: 1))
    let other = UnprocessedMark(random: RandomSource(seed: 2))
    let text = "0x" + String(mark.code(reason).networkCode, radix: 16)
    let status = Status(code: .unavailable, message: "Stream unexpectedly closed: \(text)")
    #expect(mark.reason(of: status) == reason)
    #expect(other.reason(of: status) == nil)
    #expect(mark.reason(of: Status(code: .cancelled, message: text)) == nil)
    #expect(mark.reason(of: ChannelFailure.unprocessed(nil)) == nil)
  }
}
