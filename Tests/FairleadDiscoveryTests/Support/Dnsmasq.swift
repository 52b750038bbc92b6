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
    port = try LoopbackSocket().port
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
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = [
      "--keep-in-foreground", "--conf-file=/dev/null", "--port=\(port)", "--no-resolv",
      "--no-hosts",
      "--listen-address=127.0.0.1", "--bind-interfaces", "--local=/test/", "--local-ttl=1",
      "--addn-hosts=\(hosts)", "--srv-host=_grpc._tcp.greeter.test,greeter.test,9000,1,5",
      "--srv-host=_grpc._tcp.greeter.test,greeter.test,9001,2,5", "--user=", "--group=",
      "--pid-file=", "--log-facility=/dev/null",
    ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    running.withLock { $0 = process.processIdentifier }
  }

  /// Returns when the port is free.
  func stop() {
    running.withLock { pid in
      guard let known = pid else { return }
      kill(known, SIGKILL)
      let deadline = ContinuousClock.now + .seconds(5)
      while (try? LoopbackSocket(port: port)) == nil, ContinuousClock.now < deadline {
        sched_yield()
      }
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
