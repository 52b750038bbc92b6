import FairleadBalancing
import FairleadDiscovery
import Foundation

/// `10.0.0.1:80` and so on.
func pod(_ number: Int, port: Int = 80) -> Endpoint {
  Endpoint(address: .ip(host: "10.0.0.\(number)", port: port))
}

func resolved(_ numbers: Int...) -> [ResolvedEndpoint] {
  numbers.map { ResolvedEndpoint(pod($0)) }
}

let outage = ResolutionFailure(.unreachable, "The source is down.")

/// A file that is there for one test.
struct TemporaryFile: ~Copyable {
  let path: String

  init(_ text: String) throws {
    path = NSTemporaryDirectory() + "fairlead-discovery-" + UUID().uuidString + ".yaml"
    try write(text)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func write(_ text: String) throws {
    try Self.write(text, to: path)
  }

  static func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
  }
}

/// Options with which tests do not wait.
func quickOptions() -> DiscoveryOptions {
  var options = DiscoveryOptions(seed: 1)
  options.fileInterval = .milliseconds(5)
  options.resolver.minimumHintInterval = .milliseconds(20)
  options.dns.minimumTTL = .milliseconds(50)
  options.dns.minimumInterval = .milliseconds(20)
  options.dns.initialBackoff = .milliseconds(50)
  options.dns.maximumBackoff = .milliseconds(100)
  options.dns.emptyInterval = .milliseconds(50)
  options.dns.notFoundGrace = .zero
  options.dns.queryTimeout = .milliseconds(500)
  return options
}
