import FairleadBalancing
import FairleadDiscovery
import FairleadEtcd
import ServiceLifecycle

/// Keeps a greeter registered in etcd from when it listens until it is told to stop, and says what
/// becomes of it. A failure is said and tried again; it never ends the greeter.
///
/// It comes after the server in its service group: the group stops it first, so that nobody is sent to
/// a server that drains.
struct GreeterRegistration: Service {
  private let pod: String
  private let target: Target
  /// As clients reach it; port 0 stands for the one that the server got.
  private let address: HostPort
  private let etcd: EtcdOptions
  private let options: EtcdRegistrationOptions
  private let ports: AsyncStream<Int>
  private let onPort: AsyncStream<Int>.Continuation

  /// - Throws: ``ResolutionFailure`` if the target or the address cannot be used.
  init(
    pod: String, target: Target, address: HostPort, etcd: EtcdOptions,
    options: EtcdRegistrationOptions
  ) throws {
    self.pod = pod
    self.target = target
    self.address = address
    self.etcd = etcd
    self.options = options
    (ports, onPort) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    // Said now rather than when the server is up; any port will do for that.
    _ = try registration(port: 1) { _ in }
  }

  /// The server listens on this port; to be called once.
  func serverListens(on port: Int) {
    onPort.yield(port)
  }

  func run() async throws {
    let port = await cancelWhenGracefulShutdown {
      var ports = self.ports.makeAsyncIterator()
      return await ports.next()
    }
    guard let port else { return }
    let registration = try registration(port: port, onEvent: say)
    await registration.run()
  }

  private func registration(
    port: Int, onEvent: @escaping @Sendable (EtcdRegistrationEvent) -> Void
  ) throws -> EtcdRegistration {
    let port = address.port == 0 ? port : address.port
    return try EtcdRegistration(
      Endpoint(address: .ip(host: address.host, port: port), name: pod), target: target,
      etcd: etcd, options: options, onEvent: onEvent)
  }

  private func say(_ event: EtcdRegistrationEvent) {
    switch event {
    case .registered(let key, let lease):
      Console.note("\(pod) is registered in etcd as \(key), lease \(DurationArgument(lease))")
    case .failed(let failure):
      Console.error("\(pod) cannot register, and tries again: \(failure.message)")
    case .deregistered(let key):
      Console.note("\(pod) is no longer registered as \(key)")
    case .leftToExpire(let key, let failure):
      Console.error(
        "\(pod) leaves \(key) in etcd until its lease ends, it could not take it away: "
          + failure.message)
    }
  }
}
