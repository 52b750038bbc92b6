import Testing

@testable import FairleadLoad

struct MeasurementsTests {
  @Test("calls are counted by status and by backend; one that nobody took has no latency")
  func counting() {
    var seen = Measurements()
    let (one, two) = (seen.backend(named: "pod-1"), seen.backend(named: "pod-2"))
    seen.record(latencyNanoseconds: 1000, status: .ok, backend: one, at: 0)
    seen.record(latencyNanoseconds: 2000, status: .notFound, backend: two, at: 1)
    seen.record(latencyNanoseconds: nil, status: .unavailable, backend: nil, at: 2)
    #expect(seen.calls == 3)
    #expect(seen.failed == 2)
    #expect(seen[.ok].count == 1)
    #expect(seen[.notFound].count == 1)
    #expect(seen[.unavailable].count == 1)
    #expect(seen.latencies.count == 2)
    #expect(seen.backends.map(\.name) == ["pod-1", "pod-2"])
    #expect(seen.backends.map(\.calls) == [1, 1])
    #expect(seen.backends.map(\.failed) == [0, 1])
    #expect(seen.timeline.intervals.map(\.calls) == [3])
  }

  @Test("the first message of a status is kept, cut to 500 characters")
  func messages() {
    var seen = Measurements()
    #expect(seen.wantsMessage(for: .unavailable))
    seen.note(message: "", for: .unavailable)
    #expect(seen.wantsMessage(for: .unavailable))
    seen.note(message: String(repeating: "a", count: 1000), for: .unavailable)
    seen.note(message: "second", for: .unavailable)
    #expect(!seen.wantsMessage(for: .unavailable))
    #expect(seen[.unavailable].exampleMessage.count == 500)
    #expect(seen[.internalError].exampleMessage.isEmpty)
  }

  @Test("merging joins the backends by their names, in whatever order they are known")
  func merging() {
    var first = Measurements()
    first.record(latencyNanoseconds: 10, status: .ok, backend: first.backend(named: "a"), at: 0)
    first.note(connection: 1, answeredBy: 0)
    first.note(connection: 2, answeredBy: 0)
    let slots = [first.connection(), first.connection()]
    for slot in slots + [slots[1]] { first.answered(over: slot) }
    first.notSent = 1
    first.bytesSent = 10
    var second = Measurements()
    let (b, a) = (second.backend(named: "b"), second.backend(named: "a"))
    second.record(latencyNanoseconds: 10, status: .ok, backend: b, at: 0)
    second.record(latencyNanoseconds: 10, status: .aborted, backend: a, at: 0)
    second.note(message: "again", for: .aborted)
    second.note(connection: 2, answeredBy: a)
    second.note(connection: 3, answeredBy: a)
    second.answered(over: second.connection())
    second.notSent = 2
    second.bytesReceived = 5
    first.merge(second)
    #expect(first.backends.map(\.name) == ["a", "b"])
    #expect(first.backends.map(\.calls) == [2, 1])
    #expect(first.backends.map(\.failed) == [1, 0])
    #expect(first.backends.map(\.connections) == [3, 0])
    #expect(first.callsByConnection.sorted() == [1, 1, 2])
    #expect(first.calls == 3)
    #expect(first.notSent == 3)
    #expect(first.bytesSent == 10)
    #expect(first.bytesReceived == 5)
    #expect(first[.aborted].exampleMessage == "again")
  }

  @Test("backends beyond the bound are counted as one")
  func manyBackends() {
    var seen = Measurements()
    for number in 0..<Measurements.maximumBackends {
      #expect(seen.backend(named: "pod-\(number)") == number)
    }
    let others = seen.backend(named: "one more")
    #expect(seen.backend(named: "yet another") == others)
    #expect(seen.backend(named: "pod-7") == 7)
    #expect(seen.backends.count == Measurements.maximumBackends + 1)
    #expect(seen.backends.last?.name == Measurements.otherBackends)
  }

  @Test("a number that is no status of gRPC is UNKNOWN", arguments: [-1, 17, 300])
  func unknownStatus(number: Int) {
    #expect(StatusCode(wire: number) == .unknown)
    #expect(StatusCode(wire: 14) == .unavailable)
  }

  @Test("a name that a peer made long is cut")
  func longNames() {
    var measurements = Measurements()
    let long = String(repeating: "x", count: 1000)
    let index = measurements.backend(named: long)
    #expect(measurements.backends[index].name.utf8.count == 256)
    #expect(measurements.backend(named: long + "y") == index)
  }
}
