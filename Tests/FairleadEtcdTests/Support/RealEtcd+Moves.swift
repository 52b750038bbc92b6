import Foundation

extension RealEtcd {
  /// Makes many changes at one revision.
  func transact(_ commands: String) throws {
    let file = NSTemporaryDirectory() + "fairlead-transaction-" + UUID().uuidString
    try Data(("\n" + commands + "\n\n").utf8).write(to: URL(fileURLWithPath: file))
    defer { try? FileManager.default.removeItem(atPath: file) }
    try control("txn", standardInput: file)
  }
}
