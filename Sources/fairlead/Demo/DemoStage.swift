import Foundation

/// Everything the demo starts: greeter pods, a proxy, and the folder with their configuration.
///
/// Open for the length of ``with(_:)``; afterwards nothing runs and the folder is gone, however it
/// ended.
actor DemoStage {
  /// How long a process may take to start.
  private static let startTime = Duration.seconds(10)
  /// How long a change of the files may take to be in force.
  private static let changeTime = Duration.seconds(5)

  /// The folder that the proxy reads.
  let configuration: URL
  private let folder: URL
  private var children: [String: ChildProcess] = [:]
  private var pods: [DemoPod] = []
  private var proxy: ProxyAddresses?

  /// Where the proxy can be reached.
  struct ProxyAddresses: Sendable {
    /// Calls for any service, balanced one by one.
    let calls: HostPort
    /// The stand-in for a ClusterIP.
    let clusterIP: HostPort
    /// The admin pages.
    let admin: HostPort
  }

  private init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("fairlead-demo-\(UUID().uuidString)")
    configuration = folder.appendingPathComponent("configuration")
    do {
      try FileManager.default.createDirectory(at: configuration, withIntermediateDirectories: true)
    } catch {
      throw CommandFailure(
        "Cannot make \(folder.path): set TMPDIR to a folder that can be written.")
    }
  }

  /// Sets the stage, runs `body` on it, and clears it.
  static func with<Result: Sendable>(
    _ body: @Sendable (DemoStage) async throws -> Result
  ) async throws -> Result {
    let stage = try DemoStage()
    do {
      let result = try await body(stage)
      await stage.clear()
      return result
    } catch {
      await stage.clear()
      throw error
    }
  }

  /// Nothing here waits for good will: the demo ends by being killed as well.
  private func clear() {
    for child in children.values {
      child.kill()
    }
    for child in children.values {
      child.reap()
    }
    try? FileManager.default.removeItem(at: folder)
  }

  /// The proxy's addresses; it must have been started.
  var addresses: ProxyAddresses {
    guard let proxy else { preconditionFailure("The demo's proxy is used before it was started.") }
    return proxy
  }

  // MARK: Pods

  /// Starts greeter pods and waits until they listen. They get no calls until ``publishPods()``.
  func startPods(_ names: [String], app: String) async throws {
    for name in names {
      let arguments = ["greeter", "--address", "127.0.0.1:0", "--name", name]
      children[name] = try ChildProcess(name, arguments: arguments, logs: folder)
    }
    for name in names {
      let text = try await child(name).line(after: "\(name) listens on ", within: Self.startTime)
      guard let address = HostPort(parsing: text) else {
        throw CommandFailure("\(name) listens on '\(text)', which is no address.")
      }
      let version = name.split(separator: "-").last.map(String.init) ?? name
      pods.append(
        DemoPod(name: name, labels: ["app": app, "version": version], port: address.port))
    }
  }

  /// A process that was started.
  func child(_ name: String) -> ChildProcess {
    guard let child = children[name] else {
      preconditionFailure("The demo uses \(name), which it never started.")
    }
    return child
  }

  // MARK: Configuration

  /// Writes the pods that were started.
  func publishPods() throws {
    try write(DemoManifests.pods(pods), to: "pods.yaml")
  }

  /// Writes how the calls of the split service are weighted.
  func publishRouting(v1: Int, v2: Int) throws {
    try write(DemoManifests.routing(v1: v1, v2: v2), to: "routing.yaml")
  }

  private func write(_ text: String, to name: String) throws {
    let file = configuration.appendingPathComponent(name)
    do {
      // Atomically: the proxy must not read half of it.
      try text.write(to: file, atomically: true, encoding: .utf8)
    } catch {
      throw CommandFailure("Cannot write \(file.path): \(error.localizedDescription).")
    }
  }

  /// What the proxy runs now.
  func configurationInForce() async throws -> AdminClient.Configuration {
    try await AdminClient(address: addresses.admin).configuration()
  }

  /// Makes a change of the files and waits until the proxy runs it.
  func change(_ body: @Sendable (isolated DemoStage) throws -> Void) async throws {
    let admin = AdminClient(address: addresses.admin)
    let before = try await admin.configuration().snapshot.generation
    try body(self)
    let after = try await poll(within: Self.changeTime, every: .milliseconds(10)) {
      let configuration = try await admin.configuration()
      return configuration.snapshot.generation > before ? true : nil
    }
    guard after != nil else {
      let limit = DurationArgument(Self.changeTime)
      throw CommandFailure("The proxy did not take up a change of its files in \(limit).")
    }
  }

  // MARK: Proxy

  /// Writes the Services, starts the proxy and waits until it is ready.
  func startProxy() async throws {
    try write(DemoManifests.services, to: "services.yaml")
    let clusterIP = "\(DemoManifests.clusterIP):\(DemoManifests.port)"
    let child = try ChildProcess(
      "proxy",
      arguments: [
        "proxy", "-f", configuration.path, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0",
        "--bind", "\(clusterIP)=127.0.0.1:0",
      ],
      logs: folder)
    children["proxy"] = child
    _ = try await child.line(after: "fairlead proxy is ready", within: Self.startTime)
    proxy = ProxyAddresses(
      calls: try await address(of: child, after: "calls for any service on "),
      clusterIP: try await address(of: child, after: "\(clusterIP) on "),
      admin: try await address(of: child, after: "admin on http://"))
  }

  private func address(of child: ChildProcess, after prefix: String) async throws -> HostPort {
    let text = try await child.line(after: prefix, within: Self.startTime)
    guard let address = HostPort(parsing: text) else {
      throw CommandFailure("The proxy says '\(prefix)\(text)', which is no address.")
    }
    return address
  }
}
