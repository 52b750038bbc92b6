/// One value of a histogram of latencies, and how many calls had it.
package struct RecordedLatency: Sendable, Hashable {
  package let nanoseconds: Int64
  package let calls: Int

  package init(nanoseconds: Int64, calls: Int) {
    self.nanoseconds = nanoseconds
    self.calls = calls
  }

  var seconds: Double { Double(nanoseconds) / 1e9 }
}
