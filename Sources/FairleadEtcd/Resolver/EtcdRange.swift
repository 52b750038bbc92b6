import Foundation

/// All keys that begin with a prefix, as etcd wants that said.
struct EtcdRange: Sendable, Hashable {
  let start: Data
  /// The first key that does not begin with the prefix.
  let end: Data

  /// - Parameter prefix: not empty.
  init(prefix: String) {
    start = Data(prefix.utf8)
    var end = start
    // UTF-8 has no byte of 0xFF: the last one can be raised.
    if let last = end.indices.last { end[last] += 1 }
    self.end = end
  }
}
