import ArgumentParser

/// `SERVICE:PORT=HOST:PORT` as the command line writes it: which service a listener stands for, and where it listens.
struct BindArgument: Sendable, Hashable {
  let service: HostPort
  let address: HostPort
}

extension BindArgument: ExpressibleByArgument {
  init?(argument: String) {
    let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, let service = HostPort(parsing: String(parts[0])),
      let address = HostPort(parsing: String(parts[1]))
    else { return nil }
    self.init(service: service, address: address)
  }
}
