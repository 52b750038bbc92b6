import Foundation

extension RealEtcd {
  /// Makes many changes at one revision.
  func transact(_ commands: String) throws {
    try typing("\n" + commands + "\n\n") { try control("txn", standardInput: $0) }
  }

  func changePassword(of name: String, to password: String, user: String) throws {
    try typing(password + "\n") {
      try control("user", "passwd", name, "--interactive=false", user: user, standardInput: $0)
    }
  }

  /// Lends a file with what `etcdctl` reads from its standard input.
  private func typing(_ text: String, _ body: (String) throws -> String) throws {
    let file = NSTemporaryDirectory() + "fairlead-etcdctl-" + UUID().uuidString
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    defer { try? FileManager.default.removeItem(atPath: file) }
    _ = try body(file)
  }
}
