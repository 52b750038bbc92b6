/// How many calls ended with one gRPC status.
package struct StatusCount: Sendable, Hashable, Codable {
  /// The number of the status: 0 is OK, 14 UNAVAILABLE.
  package let code: Int

  /// As gRPC writes it: `OK`, `UNAVAILABLE`.
  package let name: String

  package let calls: Int

  /// The message of one of them, as an example; a peer may have written it.
  package let message: String?

  package init(code: Int, name: String, calls: Int, message: String?) {
    self.code = code
    self.name = name
    self.calls = calls
    self.message = message
  }

  package var isOK: Bool { code == 0 }
}
