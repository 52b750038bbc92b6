import FairleadBalancing
import Testing

/// Endpoints whose calls end as a test says.
private struct Ward {
  var detector: OutlierDetector
  private(set) var loads: [EndpointLoad] = []

  init(_ configuration: OutlierDetection, count: Int, seed: UInt64 = 3) {
    detector = OutlierDetector(configuration, random: RandomSource(seed: seed))
    loads = (0..<count).map { _ in EndpointLoad() }
    keep(count)
  }

  mutating func keep(_ count: Int) {
    detector.update((0..<count).map { (SubchannelID(index: $0), loads[$0]) })
  }

  /// So many calls succeed, then so many fail. Whether any of them completed a row.
  @discardableResult
  func calls(_ index: Int, successes: Int, failures: Int, status: Int = 14) -> Bool {
    var isRow = false
    for code in Array(repeating: 0, count: successes) + Array(repeating: status, count: failures) {
      loads[index].callBegan()
      if loads[index].callEnded(status: code) { isRow = true }
    }
    return isRow
  }

  var ejected: [Int] { detector.ejected.map(\.index).sorted() }
}

@Suite("The outlier detector")
struct OutlierDetectorTests {
  static let byPercentage = OutlierDetection(
    maxEjectionPercent: 100, failurePercentage: .init(minimumEndpoints: 1))

  @Test("has gRFC A50's defaults")
  func defaults() {
    let detection = OutlierDetection()
    #expect(detection.interval == .seconds(10))
    #expect(detection.baseEjectionTime == .seconds(30))
    #expect(detection.maxEjectionTime == .seconds(300))
    #expect(detection.maxEjectionPercent == 10)
    #expect(!detection.isActive)
    let rate = OutlierDetection.SuccessRate()
    #expect(rate.deviationFactor == 1900 && rate.enforcementPercent == 100)
    #expect(rate.minimumEndpoints == 5 && rate.minimumCalls == 100)
    let percentage = OutlierDetection.FailurePercentage()
    #expect(percentage.threshold == 85 && percentage.enforcementPercent == 100)
    #expect(percentage.minimumEndpoints == 5 && percentage.minimumCalls == 50)
    #expect(OutlierDetection(baseEjectionTime: .seconds(400)).maxEjectionTime == .seconds(400))
  }

  @Test("ejects at the failure percentage and above, not below")
  func failurePercentage() {
    var ward = Ward(Self.byPercentage, count: 3)
    ward.calls(0, successes: 16, failures: 84)
    ward.calls(1, successes: 15, failures: 85)
    ward.calls(2, successes: 0, failures: 49)
    ward.detector.sweep(now: .seconds(10))
    #expect(ward.ejected == [1])
  }

  @Test("asks for as many endpoints and calls as it is set to")
  func minimums() {
    let strict = OutlierDetection(failurePercentage: .init(minimumEndpoints: 3))
    for (count, isEjected) in [(2, false), (3, true)] {
      var ward = Ward(strict, count: count)
      ward.calls(0, successes: 0, failures: 50)
      ward.detector.sweep(now: .seconds(10))
      #expect(ward.ejected == (isEjected ? [0] : []))
    }
    var ward = Ward(Self.byPercentage, count: 2)
    ward.calls(0, successes: 0, failures: 49)
    ward.detector.sweep(now: .seconds(10))
    // The calls of an interval do not count in the next one.
    ward.calls(0, successes: 0, failures: 49)
    ward.detector.sweep(now: .seconds(20))
    #expect(ward.ejected == [])
  }

  /// Rates of 1, 1, 1, 1 and 0.5: the mean is 0.9 and the standard deviation 0.2, so the threshold
  /// is 0.9 - 0.2 * factor: 0.52 at 1900, 0.5 at 2000.
  @Test("ejects by success rate below mean less deviations", arguments: [(1900, [4]), (2000, [])])
  func successRate(factor: Int, expected: [Int]) {
    var ward = Ward(
      OutlierDetection(successRate: .init(deviationFactor: factor)), count: 5)
    for index in 0..<4 { ward.calls(index, successes: 100, failures: 0) }
    ward.calls(4, successes: 50, failures: 50)
    ward.detector.sweep(now: .seconds(10))
    #expect(ward.ejected == expected)
  }

  @Test("compares success rates only of enough endpoints with enough calls")
  func successRateVolume() {
    var ward = Ward(OutlierDetection(successRate: .init()), count: 6)
    for index in 0..<4 { ward.calls(index, successes: 100, failures: 0) }
    ward.calls(4, successes: 0, failures: 99)
    ward.detector.sweep(now: .seconds(10))
    #expect(ward.ejected == [])
    for index in 0..<5 { ward.calls(index, successes: 100, failures: 0) }
    ward.calls(5, successes: 0, failures: 100)
    ward.detector.sweep(now: .seconds(20))
    #expect(ward.ejected == [5])
  }

  @Test(
    "never ejects more than the share, and one always",
    arguments: [(10, 5, 1), (10, 19, 1), (10, 20, 2), (50, 5, 2), (100, 4, 4), (0, 4, 1)])
  func share(percent: Int, count: Int, limit: Int) {
    var detection = Self.byPercentage
    detection.maxEjectionPercent = percent
    var ward = Ward(detection, count: count)
    for round in 1...2 {
      for index in 0..<count { ward.calls(index, successes: 0, failures: 60) }
      ward.detector.sweep(now: .seconds(10 * round))
      #expect(ward.ejected.count == limit)
    }
  }

  @Test("brings back the longest ejected when the set shrinks below the share")
  func shrinking() {
    var detection = Self.byPercentage
    detection.maxEjectionPercent = 50
    var ward = Ward(detection, count: 4)
    ward.calls(1, successes: 0, failures: 60)
    ward.detector.sweep(now: .seconds(10))
    ward.calls(0, successes: 0, failures: 60)
    ward.detector.sweep(now: .seconds(20))
    #expect(ward.ejected == [0, 1])
    ward.keep(2)
    #expect(ward.ejected == [0])
    ward.detector.update([])
    #expect(ward.ejected == [])
  }

  /// Base 30 s, interval 10 s: the first ejection ends at the sweep 30 s later. The sweep that
  /// brings it back leaves the multiplier, the next would lower it: failing at once means 60 s.
  @Test("ejects longer each time, up to the maximum, and forgives")
  func times() {
    var detection = Self.byPercentage
    detection.maxEjectionTime = .seconds(70)
    var ward = Ward(detection, count: 2)
    var now = 0
    func fail() {
      ward.calls(0, successes: 0, failures: 60)
    }
    for expected in [30, 60, 70, 70] {
      fail()
      now += 10
      ward.detector.sweep(now: .seconds(now))
      #expect(ward.ejected == [0])
      let start = now
      while ward.ejected == [0], now < start + 200 {
        now += 5
        ward.detector.sweep(now: .seconds(now))
      }
      #expect(now - start == expected)
    }
    for _ in 0..<4 {
      now += 10
      ward.detector.sweep(now: .seconds(now))
    }
    fail()
    now += 10
    ward.detector.sweep(now: .seconds(now))
    ward.detector.sweep(now: .seconds(now + 29))
    #expect(ward.ejected == [0])
    ward.detector.sweep(now: .seconds(now + 30))
    #expect(ward.ejected == [])
  }

  @Test("ejects at once after a row of failures that no success broke")
  func consecutive() {
    var ward = Ward(OutlierDetection(consecutiveFailures: 5), count: 3)
    #expect(!ward.calls(0, successes: 0, failures: 4))
    #expect(!ward.calls(0, successes: 1, failures: 4))
    ward.detector.failedInARow(SubchannelID(index: 0), now: .seconds(1))
    #expect(ward.ejected == [])
    #expect(ward.calls(0, successes: 0, failures: 1))
    ward.detector.failedInARow(SubchannelID(index: 0), now: .seconds(1))
    #expect(ward.ejected == [0])
    #expect(ward.calls(1, successes: 0, failures: 5))
    ward.detector.failedInARow(SubchannelID(index: 1), now: .seconds(2))
    #expect(ward.ejected == [0], "one of three is the share")
    ward.detector.sweep(now: .seconds(31))
    #expect(ward.ejected == [])
    #expect(ward.calls(1, successes: 0, failures: 1), "the row of the other goes on")
    ward.detector.failedInARow(SubchannelID(index: 1), now: .seconds(32))
    #expect(ward.ejected == [1])
  }

  @Test("enforces by chance")
  func enforcement() {
    for (percent, range) in [(0, 0...0), (30, 240...360), (100, 1_000...1_000)] {
      var ward = Ward(
        OutlierDetection(
          maxEjectionPercent: 100,
          failurePercentage: .init(enforcementPercent: percent, minimumEndpoints: 1)),
        count: 1_000)
      for index in 0..<1_000 { ward.calls(index, successes: 0, failures: 50) }
      ward.detector.sweep(now: .seconds(10))
      #expect(range.contains(ward.ejected.count), "\(ward.ejected.count)")
    }
  }

  @Test("counts by final status: all errors, or the server's alone")
  func statuses() {
    #expect((0...16).filter { !StatusSet.allErrors.contains($0) } == [0])
    #expect((0...16).filter { StatusSet.serverErrors.contains($0) } == [2, 4, 12, 13, 14, 15])
    #expect(StatusSet.serverErrors.contains(99), "an unknown code is UNKNOWN")
    var detection = Self.byPercentage
    detection.failures = .serverErrors
    var ward = Ward(detection, count: 2)
    ward.calls(0, successes: 0, failures: 60, status: 5)
    ward.calls(1, successes: 0, failures: 60, status: 13)
    ward.detector.sweep(now: .seconds(10))
    #expect(ward.ejected == [1])
  }
}
