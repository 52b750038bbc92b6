import FairleadBalancing
import HashTreeCollections

/// Counts different addresses over many sets of endpoints. A copy costs nothing, nor does the first change after it.
struct AddressCount: Sendable, Hashable {
  private var uses: TreeDictionary<EndpointAddress, Int> = [:]

  var count: Int { uses.count }

  mutating func replace(_ old: EndpointSet?, by new: EndpointSet) {
    for endpoint in new.endpoints {
      uses[endpoint.address, default: 0] += 1
    }
    for endpoint in old?.endpoints ?? [] {
      guard let count = uses[endpoint.address] else { continue }
      uses[endpoint.address] = count > 1 ? count - 1 : nil
    }
  }
}
