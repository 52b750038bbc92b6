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

  @Test("tells that streams above the last one that it names were refused")
  func lastStream() {
    let flag = GoAwayFlag()
    flag.set(last: 5)
    #expect(!flag.hasRefused(5))
    #expect(flag.hasRefused(7))
    // As a server does that names none at first.
    let graceful = GoAwayFlag()
    graceful.set(last: .maxID)
    #expect(!graceful.hasRefused(2_147_483_645))
    graceful.set(last: 1)
    #expect(graceful.hasRefused(3))
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
