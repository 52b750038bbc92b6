import FairleadConfiguration
import FairleadProxy
import ServiceLifecycle

/// Opens the proxy's listeners when the first configuration is in force, and says so: a client that
/// comes too early is turned away by the kernel and tries again, rather than told that there is no
/// such service.
struct ProxyOpening: Service {
  let proxy: Proxy
  let status: ProxyStatus
  let configuration: ProxyConfiguration

  func run() async throws {
    for await first in status.first.cancelOnGracefulShutdown() {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await proxy.run() }
        group.addTask { await announce(first) }
        try await group.waitForAll()
      }
    }
  }

  private func announce(_ first: AppliedConfiguration) async {
    let names = ["calls for any service"] + configuration.binds.map(\.authority)
    let addresses = await proxy.listening()
    // None: a port could not be had, which is said elsewhere.
    guard !addresses.isEmpty else { return }
    for (name, address) in zip(names, addresses) {
      Console.note("\(name) on \(address)")
    }
    Console.note("fairlead proxy is ready: \(first.summary)")
    for bind in configuration.binds
    where first.snapshot.virtualHostIndex(authority: bind.authority) == nil {
      Console.error(
        "No service is known as \(bind.authority): calls to its listener fail until there is one.")
    }
    if first.findingCount > 0 {
      let findings = first.findingCount == 1 ? "1 finding" : "\(first.findingCount) findings"
      Console.note("\(findings); /config_dump on the admin address shows them")
    }
  }
}
