import FairleadBalancing
import FairleadDiscovery
import Foundation

/// The keys under a prefix with what their values say, kept up to date by events. Each value is read
/// once, however often the rest changes.
struct EtcdDirectory: Sendable {
  private struct Entry: Sendable {
    var key: Data
    var value: Result<EtcdValue, EtcdValue.Problem>
  }

  private let prefix: String
  /// In the order of keys, as etcd has them.
  private var entries: [Entry] = []

  init(prefix: String) {
    self.prefix = prefix
  }

  /// Takes what a key holds now.
  mutating func put(_ key: Data, _ value: Data) {
    let entry = Entry(
      key: key, value: Result { () throws(EtcdValue.Problem) in try EtcdValue(value) })
    let place = place(of: key)
    if place < entries.count, entries[place].key == key {
      entries[place] = entry
    } else {
      entries.insert(entry, at: place)
    }
  }

  mutating func remove(_ key: Data) {
    let place = place(of: key)
    guard place < entries.count, entries[place].key == key else { return }
    entries.remove(at: place)
  }

  /// All endpoints, in the order of their keys.
  var endpoints: [ResolvedEndpoint] {
    entries.compactMap { try? $0.value.get().endpoint }
  }

  /// What is wrong with the values: how many cannot be used, and the first of them; `nil` if nothing.
  var failure: ResolutionFailure? {
    var unused = 0
    var first: String?
    for entry in entries {
      switch entry.value {
      case .success(let value):
        guard let remark = value.remark else { continue }
        first = first ?? "\(name(entry.key)): \(remark)"
      case .failure(let problem):
        unused += 1
        first = first ?? "\(name(entry.key)) \(problem.reason)"
      }
    }
    guard let first else { return nil }
    let count = unused == 0 ? "" : ", \(unused) of \(entries.count) unused"
    return ResolutionFailure(
      .malformed, "There are values under \(prefix) in etcd that are not valid\(count): \(first).")
  }

  /// Where the key is, or would be.
  private func place(of key: Data) -> Int {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].key.lexicographicallyPrecedes(key) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  /// For a message, and so without what a terminal would take for commands.
  private func name(_ key: Data) -> String {
    let text = String(decoding: key.prefix(200), as: UTF8.self)
    return String(
      text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : Character($0) })
  }
}
