import ArgumentParser

/// `127.0.0.1:8080,127.0.0.1:8081`.
struct AddressList: ExpressibleByArgument {
  let pairs: [Address]

  struct Address: Sendable {
    let host: String
    let port: Int
  }

  init?(argument: String) {
    var pairs: [Address] = []
    for text in argument.split(separator: ",") {
      let parts = text.split(separator: ":")
      guard parts.count == 2, let port = Int(parts[1]), (1...65_535).contains(port) else {
        return nil
      }
      pairs.append(Address(host: String(parts[0]), port: port))
    }
    guard !pairs.isEmpty else { return nil }
    self.pairs = pairs
  }
}
