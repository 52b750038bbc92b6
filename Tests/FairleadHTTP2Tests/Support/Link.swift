@testable import FairleadHTTP2

/// A client and a server with a wire between them that keeps the order and loses nothing.
struct Link {
  /// How bytes are cut on their way.
  enum Delivery: CaseIterable {
    case whole
    case byteByByte
  }

  let client: Side
  let server: Side
  let delivery: Delivery

  init(
    _ delivery: Delivery = .whole, client: (inout SessionConfiguration) -> Void = { _ in },
    server: (inout SessionConfiguration) -> Void = { _ in }
  ) throws {
    self.client = Side(.client, client)
    self.server = Side(.server, server)
    self.delivery = delivery
    try pump()
  }

  /// Carries bytes both ways until neither side has any.
  func pump() throws {
    while try carry(from: client, to: server) || carry(from: server, to: client) {}
  }

  /// Carries what one side has to send.
  @discardableResult
  func carry(from: Side, to: Side) throws -> Bool {
    let bytes = from.drain()
    guard !bytes.isEmpty else { return false }
    switch delivery {
    case .whole: try to.feed(bytes)
    case .byteByByte:
      for byte in bytes {
        try to.feed([byte])
      }
    }
    return true
  }

  func close() {
    client.session.close()
    server.session.close()
  }
}
