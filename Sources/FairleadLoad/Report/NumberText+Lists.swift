extension NumberText {
  /// How many of a list are shown one by one.
  private static let shownCounts = 8

  /// Octets in the unit that fits: `512 B`, `1.2 KiB`.
  package static func bytes(_ count: Int) -> String {
    var (amount, units) = (Double(count), ["KiB", "MiB", "GiB", "TiB"][...])
    guard count >= 1024 else { return "\(count) B" }
    var unit = "B"
    while amount >= 1023.95, let next = units.popFirst() {
      amount /= 1024
      unit = next
    }
    return "\(decimal(amount, digits: 1)) \(unit)"
  }

  /// `1 : 2 : 0`; of a long list the least and the most, `0 to 4 each`.
  package static func ratio(_ counts: [Int]) -> String {
    guard counts.count > shownCounts, let least = counts.min(), let most = counts.max() else {
      return counts.map { count($0) }.joined(separator: " : ")
    }
    return "\(count(least)) to \(count(most)) each"
  }

  /// Each count's share of all, `90.0% : 10.0%`; of a long list the least and the most, `0.0% to 12.5% each`.
  package static func shares(_ counts: [Int]) -> String {
    let all = Double(max(1, counts.reduce(0, +)))
    guard counts.count > shownCounts, let least = counts.min(), let most = counts.max() else {
      return counts.map { percent(Double($0) / all) }.joined(separator: " : ")
    }
    return "\(percent(Double(least) / all)) to \(percent(Double(most) / all)) each"
  }
}
