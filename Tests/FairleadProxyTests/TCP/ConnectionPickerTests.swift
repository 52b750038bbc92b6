import FairleadBalancing
import FairleadRouting
import Testing

@testable import FairleadProxy

@Suite("A connection picker")
struct ConnectionPickerTests {
  private let endpoints = (1...4).map {
    Endpoint(address: .ip(host: "10.0.0.\($0)", port: 80), name: "pod-\($0)")
  }

  private func picker(_ endpoints: [Endpoint], seed: UInt64 = 1) -> ConnectionPicker {
    let picker = ConnectionPicker(random: RandomSource(seed: seed))
    picker.update(EndpointSet(endpoints))
    return picker
  }

  @Test("takes turns with round robin")
  func roundRobin() {
    let picker = picker(endpoints)
    let names = (0..<40).compactMap { _ in picker.pick(.roundRobin, excluding: [])?.name }
    #expect(names.count == 40)
    for start in stride(from: 0, to: 40, by: 4) {
      #expect(Set(names[start..<start + 4]).count == 4)
    }
  }

  @Test("prefers who has the fewest connections")
  func leastConnections() {
    let picker = picker(endpoints)
    for endpoint in [endpoints[0], endpoints[0], endpoints[1], endpoints[3]] {
      picker.connectionOpened(to: endpoint.address)
    }
    #expect(picker.pick(.leastConnections, excluding: []) == endpoints[2])
    picker.connectionOpened(to: endpoints[2].address)
    picker.connectionClosed(to: endpoints[1].address)
    #expect(picker.pick(.leastConnections, excluding: []) == endpoints[1])
    picker.connectionClosed(to: endpoints[0].address)
    picker.connectionClosed(to: endpoints[0].address)
    #expect(
      [endpoints[0], endpoints[1]].contains(picker.pick(.leastConnections, excluding: [])))
  }

  @Test("is fair by chance, and the same for the same seed")
  func random() {
    let picks = (0..<20).map { _ in picker(endpoints).pick(.random, excluding: []) }
    #expect(Set(picks).count == 1)
    let one = picker(endpoints)
    var counts: [String: Int] = [:]
    for _ in 0..<4000 {
      counts[one.pick(.random, excluding: [])?.name ?? "", default: 0] += 1
    }
    #expect(counts.count == 4)
    // Five standard deviations about 1000.
    #expect(counts.values.allSatisfy { (860...1140).contains($0) })
  }

  @Test(
    "leaves out who was tried, and gives none when all were",
    arguments: ConnectionScheduler.allCases)
  func excluding(scheduler: ConnectionScheduler) {
    let picker = picker(endpoints)
    var tried: Set<EndpointAddress> = []
    for _ in 0..<4 {
      let endpoint = picker.pick(scheduler, excluding: tried)
      #expect(endpoint.map { tried.insert($0.address).inserted } == true)
    }
    #expect(picker.pick(scheduler, excluding: tried) == nil)
    #expect(self.picker([]).pick(scheduler, excluding: []) == nil)
  }

  @Test("picks from the new set after an update, and remembers connections that stay")
  func update() {
    let picker = picker(endpoints)
    picker.connectionOpened(to: endpoints[1].address)
    picker.update(EndpointSet([endpoints[1], endpoints[2]]))
    for _ in 0..<10 {
      #expect(picker.pick(.leastConnections, excluding: []) == endpoints[2])
    }
    let names = Set((0..<50).compactMap { _ in picker.pick(.random, excluding: [])?.name })
    #expect(names == ["pod-2", "pod-3"])
  }
}
