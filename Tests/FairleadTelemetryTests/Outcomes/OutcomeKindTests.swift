import FairleadTelemetry
import Testing

@Suite("Outcome kinds")
struct OutcomeKindTests {
  @Test("give back the status and flag they were made of", arguments: ResponseFlag.allCases)
  func roundTrip(flag: ResponseFlag) {
    for status in 0...16 {
      let kind = OutcomeKind(httpStatus: 200, grpcStatus: status, flag: flag)
      #expect(kind.httpStatus == 200)
      #expect(kind.grpcStatus == status)
      #expect(kind.flag == flag)
      #expect(kind.grpcStatusLabel == String(status))
    }
  }

  @Test("tell a call without flag and a response that was not gRPC apart from all others")
  func absence() {
    let plain = OutcomeKind(httpStatus: 404, grpcStatus: nil, flag: nil)
    #expect(plain.httpStatus == 404)
    #expect(plain.grpcStatus == nil)
    #expect(plain.flag == nil)
    #expect(plain.grpcStatusLabel == "")
    #expect(plain != OutcomeKind(httpStatus: 404, grpcStatus: 0, flag: nil))
    #expect(plain != OutcomeKind(httpStatus: 404, grpcStatus: nil, flag: .noRoute))
  }

  @Test("fold what no specification knows", arguments: [17, 99, 255, 256, -1, Int.max, Int.min])
  func folded(value: Int) {
    let kind = OutcomeKind(httpStatus: 200, grpcStatus: value, flag: nil)
    #expect(kind == OutcomeKind(httpStatus: 200, grpcStatus: 17, flag: nil))
    #expect(kind.grpcStatusLabel == "other")
    let noHTTP = OutcomeKind(httpStatus: value, grpcStatus: nil, flag: nil).httpStatus
    #expect(noHTTP == ((100...599).contains(value) ? value : 0))
  }

  @Test("are ordered by HTTP status, then gRPC status")
  func order() {
    let kinds = [
      OutcomeKind(httpStatus: 404, grpcStatus: nil, flag: nil),
      OutcomeKind(httpStatus: 200, grpcStatus: 14, flag: .noHealthyUpstream),
      OutcomeKind(httpStatus: 200, grpcStatus: 0, flag: nil),
    ]
    #expect(kinds.sorted() == [kinds[2], kinds[1], kinds[0]])
  }
}
