import NIOHTTP2
import Testing

@testable import FairleadGRPC

@Suite("What a connection knows of its peer's GOAWAY")
struct GoAwayFlagTests {
  @Test("is nothing at first, and stays once it is said")
  func sets() {
    let flag = GoAwayFlag()
    #expect(!flag.isSet)
    flag.set()
    flag.set()
    #expect(flag.isSet)
  }

  @Test("tells that streams above a refused one were refused, too")
  func refused() {
    let flag = GoAwayFlag()
    flag.set()
    #expect(!flag.hasRefused(101))
    flag.refused(7)
    #expect(!flag.hasRefused(5))
    #expect(!flag.hasRefused(7))
    #expect(flag.hasRefused(9))
    // The lowest counts, in whatever order they come.
    flag.refused(11)
    #expect(flag.hasRefused(9))
    flag.refused(3)
    #expect(flag.hasRefused(5))
  }

  @Test("a refusal without a GOAWAY says nothing of other streams")
  func refusedWithoutGoAway() {
    let flag = GoAwayFlag()
    flag.refused(3)
    #expect(!flag.hasRefused(5))
    flag.set()
    #expect(!flag.hasRefused(5))
  }
}
