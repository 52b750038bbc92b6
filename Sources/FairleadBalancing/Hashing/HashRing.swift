/// Endpoints on a circle of hashes, each at as many points as its weight says (gRFC A42).
///
/// The points of an endpoint are the hashes of `ADDRESS_0`, `ADDRESS_1` and so on, so that it has
/// the same ones whoever else there is: when an endpoint leaves, only its own requests move.
struct HashRing: Sendable {
  /// The hashes, in ascending order; never empty.
  let points: ContiguousArray<UInt64>
  /// The endpoint at each point.
  let owners: ContiguousArray<Int32>
  let endpointCount: Int

  /// - Parameters:
  ///   - endpoints: an address and a weight above 0 each; never empty.
  ///   - minimumSize: how many points there are at least; more, if the smallest weight has no whole
  ///     number of them.
  ///   - maximumSize: how many there are at most.
  init(_ endpoints: [(address: String, weight: Int)], minimumSize: Int, maximumSize: Int) {
    endpointCount = endpoints.count
    let sum = endpoints.reduce(0.0) { $0 + Double($1.weight) }
    let smallest = Double(endpoints.map(\.weight).min() ?? 1) / sum
    let scale = min(
      (smallest * Double(minimumSize)).rounded(.up) / smallest, Double(maximumSize))
    var entries: [(point: UInt64, owner: Int32)] = []
    entries.reserveCapacity(Int(scale) + 1)
    var target = 0.0
    // By address, so that fractions of a point fall to the same endpoints whatever the order.
    for index in endpoints.indices.sorted(by: { endpoints[$0].address < endpoints[$1].address }) {
      target += scale * Double(endpoints[index].weight) / sum
      var count = 0
      // A sum of fractions may be short of a whole point by its rounding.
      while Double(entries.count) < target - 1e-6 {
        let point = XXHash64.hash("\(endpoints[index].address)_\(count)")
        entries.append((point, Int32(index)))
        count += 1
      }
    }
    entries.sort { $0.point != $1.point ? $0.point < $1.point : $0.owner < $1.owner }
    points = ContiguousArray(entries.map(\.point))
    owners = ContiguousArray(entries.map(\.owner))
  }

  /// The first point at or after the hash; after the last one, the first.
  func index(of hash: UInt64) -> Int {
    var (low, high) = (0, points.count)
    while low < high {
      let middle = (low + high) / 2
      if points[middle] < hash {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low == points.count ? 0 : low
  }
}
