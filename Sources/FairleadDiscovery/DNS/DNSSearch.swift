/// Which full names a short one may mean, as resolv.conf says.
struct DNSSearch: Sendable, Hashable {
  /// A name with so many dots is tried as it is before it is searched for.
  var ndots = 1
  var domains: [String] = []

  /// The names to ask for, in order. One that ends in a dot means only itself.
  func candidates(for name: String) -> [String] {
    guard !name.hasSuffix(".") else { return [String(name.dropLast())] }
    let searched = domains.filter { $0 != "." && !$0.isEmpty }.map { "\(name).\($0)" }
    let dots = name.utf8.count { $0 == UInt8(ascii: ".") }
    return dots >= ndots ? [name] + searched : searched + [name]
  }
}
