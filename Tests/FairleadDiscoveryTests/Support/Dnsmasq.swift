import Foundation
import Synchronization

/// A real DNS server for one test.
final class Dnsmasq: Sendable {
  let port: Int
  private let hosts = NSTemporaryDirectory() + "fairlead-dns-" + UUID().uuidString
  /// Its process, while it runs.
  private let running = Mutex<Int32?>(nil)

  static let path = ["/usr/sbin/dnsmasq", "/usr/local/sbin/dnsmasq", "/opt/homebrew/sbin/dnsmasq"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }
  static var isInstalled: Bool { path != nil }

  struct NoServer: Error {}

  init(_ addresses: [String]) throws {
    // It needs one number for UDP and TCP, and what is free for the one may be taken for the other.
    var free = try LoopbackSocket().port
    while !LoopbackSocket.isFreeForTCP(free) { free = try LoopbackSocket().port }
    port = free
    try write(addresses)
    try start()
  }

  deinit {
    stop()
    try? FileManager.default.removeItem(atPath: hosts)
  }

  /// The addresses of `greeter.test` from now on. The server is started anew: a signal to read again
  /// would not reach it, because it inherits a mask that holds signals back.
  func serve(_ addresses: [String]) throws {
    try write(addresses)
    stop()
    try start()
  }

  func start() throws {
    guard let path = Self.path else { throw NoServer() }
    let pid = try spawn([
      path, "--keep-in-foreground", "--conf-file=/dev/null", "--port=\(port)", "--no-resolv",
      "--no-hosts",
      "--listen-address=127.0.0.1", "--bind-interfaces", "--local=/test/", "--local-ttl=1",
      "--addn-hosts=\(hosts)", "--srv-host=_grpc._tcp.greeter.test,greeter.test,9000,1,5",
      "--srv-host=_grpc._tcp.greeter.test,greeter.test,9001,2,5", "--user=", "--group=",
      "--pid-file=", "--log-facility=/dev/null",
    ])
    running.withLock { $0 = pid }
  }

  /// Not Foundation's `Process`: it takes a child that closes the descriptors it inherits, as dnsmasq does,
  /// for one that has ended, and waits for it on the thread that every other `Process` needs.
  private func spawn(_ command: [String]) throws -> Int32 {
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    defer { for case let argument? in arguments { free(argument) } }
    var pid: pid_t = 0
    guard posix_spawn(&pid, command[0], nil, nil, &arguments, nil) == 0 else { throw NoServer() }
    return pid
  }

  /// Returns when it has ended, and its port is free.
  func stop() {
    running.withLock { pid in
      guard let known = pid else { return }
      kill(known, SIGKILL)
      var status: Int32 = 0
      while waitpid(known, &status, 0) == -1, errno == EINTR {}
      pid = nil
    }
  }

  private func write(_ addresses: [String]) throws {
    let text = addresses.map { "\($0) greeter.test\n" }.joined()
    try TemporaryFile.write(text, to: hosts)
    // The server may run as another user.
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: hosts)
  }
}
