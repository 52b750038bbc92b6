import Testing

@testable import fairlead

@Suite("The gate for hits")
struct HitGateTests {
  @Test("Refuses over its limit; it is news again once half of them have left")
  func limit() {
    let gate = HitGate(limit: 4)
    for _ in 0..<4 { #expect(gate.enter() == .enter) }
    #expect(gate.enter() == .refuse(isNews: true))
    #expect(gate.enter() == .refuse(isNews: false))
    gate.leave()
    #expect(gate.enter() == .enter)
    #expect(gate.enter() == .refuse(isNews: false))
    for _ in 0..<2 { gate.leave() }
    for _ in 0..<2 { #expect(gate.enter() == .enter) }
    #expect(gate.enter() == .refuse(isNews: true))
  }
}
