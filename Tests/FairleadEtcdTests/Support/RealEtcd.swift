import FairleadTestSupport
import Foundation
import Synchronization

/// A real etcd server for one test, and `etcdctl` to move it.
final class RealEtcd: Sendable {
  let port: Int
  private let peerPort: Int
  private let certificates: Certificates?
  private let folder = NSTemporaryDirectory() + "fairlead-etcd-" + UUID().uuidString
  /// Its process, while it runs.
  private let running = Mutex<Int32?>(nil)

  private static func tool(_ name: String) -> String? {
    ["/usr/bin/", "/usr/local/bin/", "/opt/homebrew/bin/"].map { $0 + name }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  static var isInstalled: Bool { tool("etcd") != nil && tool("etcdctl") != nil }

  struct Failure: Error {
    let message: String
  }

  var address: String { "127.0.0.1:\(port)" }

  /// Starts a server without keys.
  ///
  /// - Parameter certificates: make it speak TLS, and demand a client certificate.
  init(certificates: Certificates? = nil) async throws {
    self.certificates = certificates
    port = try FreePort.next()
    peerPort = try FreePort.next()
    try await start()
  }

  deinit {
    kill()
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Starts it with the data that it had, and returns when it answers.
  func start() async throws {
    guard let path = Self.tool("etcd") else { throw Failure(message: "etcd is not installed") }
    let scheme = certificates == nil ? "http" : "https"
    let client = "\(scheme)://127.0.0.1:\(port)"
    let peer = "http://127.0.0.1:\(peerPort)"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = [
      "--data-dir", folder, "--listen-client-urls", client, "--advertise-client-urls", client,
      "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
      "--initial-cluster", "default=\(peer)",
    ]
    if let certificates {
      process.arguments? += [
        "--cert-file", certificates.serverCertificate, "--key-file", certificates.serverKey,
        "--trusted-ca-file", certificates.ca, "--client-cert-auth",
      ]
    }
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    running.withLock { $0 = process.processIdentifier }
    guard await eventually({ self.answers }) else {
      throw Failure(message: "etcd does not answer on \(port)")
    }
  }

  /// Whether it has begun to serve. It listens before that, and one that is killed in between is of no
  /// use any more: it waits for others that its data do not know.
  private var answers: Bool {
    guard LoopbackSocket.accepts(port) else { return false }
    // `etcdctl` would try for ever to speak to a server whose certificate is not for it.
    guard certificates?.isForLoopback ?? true else { return true }
    do {
      try control("get", "x", "--dial-timeout=500ms", "--command-timeout=500ms")
      return true
    } catch let failure as Failure {
      // It knows us well enough to refuse us.
      return failure.message.contains("user name is empty")
    } catch {
      return false
    }
  }

  /// Ends it without a warning; returns when nobody listens any more.
  func kill() {
    running.withLock { pid in
      guard let known = pid else { return }
      Foundation.kill(known, SIGKILL)
      let deadline = ContinuousClock.now + .seconds(5)
      while LoopbackSocket.accepts(port), ContinuousClock.now < deadline { sched_yield() }
      pid = nil
    }
  }

  /// Loses all data; to be called while it does not run.
  func forget() throws {
    try FileManager.default.removeItem(atPath: folder)
  }

  /// Stops its process from running, as a network does that has gone away; `SIGCONT` lets it go on.
  func signal(_ number: Int32) {
    running.withLock { pid in
      guard let pid else { return }
      Foundation.kill(pid, number)
    }
  }

  /// Runs `etcdctl` and returns what it printed.
  @discardableResult
  func control(
    _ arguments: String..., user: String? = nil, standardInput: String? = nil
  ) throws -> String {
    guard let path = Self.tool("etcdctl") else {
      throw Failure(message: "etcdctl is not installed")
    }
    let scheme = certificates == nil ? "http" : "https"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    var options = ["--endpoints", "\(scheme)://127.0.0.1:\(port)"]
    if let certificates {
      options += [
        "--cacert", certificates.ca, "--cert", certificates.clientCertificate,
        "--key", certificates.clientKey,
      ]
    }
    if let user { options += ["--user", user] }
    process.arguments = options + arguments
    process.environment = ["ETCDCTL_API": "3"]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    process.standardInput =
      standardInput.flatMap { FileHandle(forReadingAtPath: $0) } ?? FileHandle.nullDevice
    try process.run()
    let text = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(message: text) }
    return text
  }

  /// The value of a key; `nil` if there is none.
  func value(_ key: String, user: String? = nil) throws -> String? {
    let text = try control("get", "--print-value-only", key, user: user)
    return text.isEmpty ? nil : String(text.dropLast())
  }
}
