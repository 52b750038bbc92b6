/// The kind of network that an address is reached by.
enum AddressFamily: Sendable, Hashable {
  case ipv4
  case ipv6
  case unix
}

extension EndpointAddress {
  /// An IPv4 address mapped into IPv6 is reached by IPv4.
  var family: AddressFamily {
    switch self {
    case .unix: .unix
    case .ip(let host, port: _):
      host.contains(":") && !host.lowercased().hasPrefix("::ffff:") ? .ipv6 : .ipv4
    }
  }
}

extension Sequence {
  /// The same elements with their groups in turn, each group in its order, beginning with the group
  /// of the first: what RFC 8305, section 4, asks for of addresses and their families, so that a
  /// network on which one family does not work costs one attempt, not all of that family.
  func interleaved<Group: Hashable>(by group: (Element) -> Group) -> [Element] {
    var order: [Group] = []
    var groups: [Group: [Element]] = [:]
    for element in self {
      let key = group(element)
      if groups[key] == nil {
        order.append(key)
      }
      groups[key, default: []].append(element)
    }
    let rows = groups.values.map(\.count).max() ?? 0
    return (0..<rows).flatMap { row in
      order.compactMap { key in
        groups[key].flatMap { row < $0.count ? $0[row] : nil }
      }
    }
  }
}
