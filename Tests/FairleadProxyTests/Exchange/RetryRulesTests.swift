import FairleadBalancing
import Testing

@testable import FairleadProxy

@Suite("The retry rules")
struct RetryRulesTests {
  private let first = SubchannelID(index: 0)
  private let second = SubchannelID(index: 1)

  @Test("allow one attempt after a refusal, elsewhere (gRFC A6)")
  func refusal() {
    var rules = RetryRules()
    #expect(rules.avoiding == nil)
    let answers = [first, second, first].map { rules.allowsAfterRefusal(by: $0) }
    #expect(answers == [true, false, false])
    #expect(rules.avoiding == first)
  }

  @Test("allow a few attempts that never left the proxy, and not for ever")
  func unsent() {
    var rules = RetryRules()
    let answers = (0..<7).map { _ in rules.allowsAfterConnectFailure(on: first) }
    #expect(answers == [true, true, true, true, true, false, false])
  }

  @Test("allow one attempt after a loss, elsewhere")
  func loss() {
    var rules = RetryRules()
    let answers = [first, second].map { rules.allowsAfterLoss(of: $0) }
    #expect(answers == [true, false])
    #expect(rules.avoiding == second)
  }

  @Test("count each kind apart")
  func both() {
    var rules = RetryRules()
    let answers = [
      rules.allowsAfterConnectFailure(on: first), rules.allowsAfterRefusal(by: second),
      rules.allowsAfterConnectFailure(on: first), rules.allowsAfterRefusal(by: second),
      rules.allowsAfterLoss(of: first),
    ]
    #expect(answers == [true, true, true, false, true])
    #expect(rules.avoiding == first)
  }
}
