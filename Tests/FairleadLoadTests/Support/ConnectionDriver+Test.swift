import FairleadGRPC

@testable import FairleadLoad

extension ConnectionDriver {
  /// A driver for a plaintext server on loopback.
  convenience init(
    port: Int, _ plan: LoadPlan, path: String = "/helloworld.Greeter/SayHello",
    messages: [[UInt8]] = [LoadRequest.framed([0x0A, 1, 0x61])], by backend: BackendSource = .peer,
    threads: Int = 1, connectTimeout: Duration = .seconds(30)
  ) throws {
    try self.init(
      port: port, plan, path: path, payload: .variants(messages), by: backend, threads: threads,
      connectTimeout: connectTimeout)
  }

  convenience init(
    port: Int, _ plan: LoadPlan, path: String = "/helloworld.Greeter/SayHello",
    payload: LoadRequest.Payload, by backend: BackendSource = .peer, threads: Int = 1,
    connectTimeout: Duration = .seconds(30), patience: Duration = .seconds(10),
    expectsMessage: Bool = false
  ) throws {
    var settings = try LoadConnectionSettings(
      address: LoadAddress(host: "127.0.0.1", port: port), authority: nil, security: .plaintext,
      connectTimeout: connectTimeout)
    settings.patience = patience
    self.init(
      plan: plan,
      request: LoadRequest(
        path: path, payload: payload, expectsMessage: expectsMessage, backend: backend),
      settings: settings, threads: threads, seed: 1)
  }
}
