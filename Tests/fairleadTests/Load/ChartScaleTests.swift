import Testing

@testable import fairlead

@Suite("Axes of a plot")
struct ChartScaleTests {
  @Test("A linear axis begins at 0, has round steps and ends at or above the greatest value")
  func linear() {
    let scale = ChartScale.linear(upTo: 9, count: 5, label: AxisText.count)
    #expect(scale.ticks.map(\.label) == ["0", "2", "4", "6", "8", "10"])
    #expect(scale.place(5) == 0.5)
    #expect(scale.place(-1) == 0 && scale.place(11) == 1)
  }

  @Test(
    "An axis of nothing, or of what is no number, is an axis all the same",
    arguments: [0, -1, .nan, .infinity])
  func odd(highest: Double) {
    let scale = ChartScale.linear(upTo: highest, label: AxisText.count)
    #expect(scale.ticks.count >= 2)
    #expect(scale.place(.nan) == 0)
    #expect(ChartScale.time(upTo: highest, label: AxisText.time).ticks.count >= 2)
  }

  @Test("An axis of time ends with the run")
  func time() {
    let scale = ChartScale.time(upTo: 12, label: AxisText.time)
    #expect(scale.ticks.map(\.label) == ["0", "2 s", "4 s", "6 s", "8 s", "10 s", "12 s"])
    #expect(scale.place(12) == 1)
  }

  @Test("On a logarithmic axis equal factors are equally far")
  func logarithmic() {
    let scale = ChartScale.logarithmic(from: 0.001, to: 0.1, label: AxisText.time)
    #expect(
      scale.ticks.map(\.label) == ["1 ms", "2 ms", "5 ms", "10 ms", "20 ms", "50 ms", "100 ms"])
    #expect(abs(scale.place(0.01) - 0.5) < 1e-9)
    #expect(scale.place(0) == 0 && scale.place(7) == 1)
    let long = ChartScale.logarithmic(from: 0.001, to: 1, label: AxisText.time)
    #expect(long.ticks.map(\.label) == ["1 ms", "10 ms", "100 ms", "1 s"])
    // Two powers of ten only.
    let two = ChartScale.logarithmic(from: 0.0003, to: 0.06, label: AxisText.time)
    #expect(
      two.ticks.map(\.label) == [
        "500 µs", "1 ms", "2 ms", "5 ms", "10 ms", "20 ms", "50 ms",
      ])
  }

  @Test(
    "A short logarithmic axis has ticks, too",
    arguments: [
      (0.00212, 0.00475, ["2.5 ms", "3 ms", "3.5 ms", "4 ms", "4.5 ms"]),
      (0.0005, 0.0005, ["500 µs", "550 µs", "600 µs", "650 µs", "700 µs", "750 µs"]),
    ])
  func short(lowest: Double, highest: Double, labels: [String]) {
    let scale = ChartScale.logarithmic(from: lowest, to: highest, label: AxisText.time)
    #expect(scale.ticks.map(\.label) == labels)
    #expect(scale.ticks.map(\.place) == scale.ticks.map(\.place).sorted())
    #expect(scale.ticks.allSatisfy { (0...1).contains($0.place) })
  }

  @Test("There is no half of a call", arguments: [(1, ["0", "1"]), (9, ["0", "3", "6", "9"])])
  func whole(highest: Double, labels: [String]) {
    let scale = ChartScale.linear(
      upTo: highest, count: 4, isWhole: true, label: AxisText.count)
    #expect(scale.ticks.map(\.label) == labels)
  }

  @Test("Percentiles: each further nine has as much room as the one before")
  func percentiles() {
    let scale = PercentileScale(calls: 10_000)
    #expect(scale.ticks.map(\.label) == ["0%", "90%", "99%", "99.9%", "99.99%"])
    #expect(
      PercentileScale(calls: 1000).ticks.map(\.label) == ["0%", "50%", "90%", "99%", "99.9%"])
    for (percentile, place) in [(0.0, 0.0), (90, 0.25), (99, 0.5), (99.9, 0.75), (100, 1)] {
      #expect(abs(scale.place(percentile) - place) < 1e-9)
    }
    #expect(PercentileScale(calls: 0).ticks.map(\.label) == ["0%", "50%", "90%"])
    #expect(PercentileScale(calls: .max).ticks.last?.label == "99.9999%")
  }

  @Test("What stands on an axis has no digits that say nothing")
  func labels() {
    #expect(AxisText.time(0.0025) == "2.5 ms")
    #expect(AxisText.time(0.00025) == "250 µs")
    #expect(AxisText.time(1200) == "20 min")
    #expect(AxisText.count(2500) == "2,500" && AxisText.count(0.25) == "0.25")
  }
}
