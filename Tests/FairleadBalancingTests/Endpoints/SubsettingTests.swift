import FairleadBalancing
import Testing

@Suite("Subsetting")
struct SubsettingTests {
  private func set(_ range: Range<Int>) -> EndpointSet {
    EndpointSet(range.map { Endpoint(address: .ip(host: "10.0.0.\($0)", port: 80)) })
  }

  @Test("gives each client so many endpoints, in the order of the set, and always the same")
  func size() {
    let whole = set(0..<50)
    let part = Subsetting(size: 7).subset(of: whole, salt: 1)
    #expect(part.count == 7)
    #expect(part.endpoints == whole.endpoints.filter { part.endpoints.contains($0) })
    #expect(Subsetting(size: 7).subset(of: whole, salt: 1) == part)
    #expect(Subsetting(size: 7).subset(of: whole, salt: 2) != part)
    let backward = EndpointSet(whole.endpoints.reversed())
    #expect(Set(Subsetting(size: 7).subset(of: backward, salt: 1).endpoints) == Set(part.endpoints))
  }

  @Test("leaves a set that is not larger as it is")
  func small() {
    #expect(Subsetting(size: 5).subset(of: set(0..<5), salt: 1) == set(0..<5))
    #expect(Subsetting(size: 5).subset(of: .empty, salt: 1) == .empty)
    #expect(Subsetting(size: 0).size == 1)
  }

  @Test("changes one endpoint at most when one comes or goes", arguments: UInt64(1)...20)
  func churn(salt: UInt64) {
    let subsetting = Subsetting(size: 5)
    let before = Set(subsetting.subset(of: set(0..<30), salt: salt).endpoints)
    let joined = Set(subsetting.subset(of: set(0..<31), salt: salt).endpoints)
    let left = Set(subsetting.subset(of: set(1..<30), salt: salt).endpoints)
    #expect(before.subtracting(joined).count <= 1)
    #expect(before.subtracting(left).count <= 1)
  }

  /// 2,000 clients of 5 endpoints each on 20 servers: 500 each; the standard deviation is below
  /// sqrt(2,000 · 1/4 · 3/4) = 19.4.
  @Test("spreads clients over servers")
  func spread() {
    let random = RandomSource(seed: 1)
    let counts = (0..<2_000).flatMap { _ in
      Subsetting(size: 5).subset(of: set(0..<20), salt: random.next()).endpoints
    }.tally
    #expect(counts.count == 20)
    #expect(counts.values.allSatisfy { abs($0 - 500) < 100 }, "\(counts.values)")
  }

  @Test("shuffles into any order, and keeps it for those that stay")
  func shuffle() {
    let random = RandomSource(seed: 2)
    let orders = (0..<6_000).map { _ in
      set(0..<3).shuffled(salt: random.next()).endpoints.map(\.name)
    }.tally
    #expect(orders.count == 6)
    #expect(orders.values.allSatisfy { abs($0 - 1_000) < 150 }, "\(orders.values)")
    let gone = set(0..<10).endpoints[4]
    let order = set(0..<10).shuffled(salt: 9).endpoints.filter { $0 != gone }
    let rest = EndpointSet(set(0..<10).endpoints.filter { $0 != gone })
    #expect(rest.shuffled(salt: 9).endpoints == order)
  }
}
