import FairleadCalls
import FairleadDescriptors
import FairleadGRPC
import GRPCCore

/// Tells of a call as a script reads it: one JSON object on each line, `headers`, then a `message` for
/// each, then `status` and `trailers`.
struct CallJSONReporter: CallReporter {
  let showsSecrets: Bool
  let writes: CallOutput

  func begin(_ method: CallableMethod, metadata: Metadata) {}

  func headers(_ headers: Metadata, peer: String) {
    self.write([.init("headers", self.value(of: headers)), .init("peer", .string(peer))])
  }

  func message(_ message: JSONValue, size: Int) {
    self.write([.init("message", message)])
  }

  func end(_ end: CallEnd, details: ErrorDetails?) {
    let status: [JSONValue.Member] = [
      .init("code", .number("\(end.code.rawValue)")),
      .init("name", .string(end.code.canonicalName)),
      .init("message", .string(end.message)), .init("details", .array(details?.details ?? [])),
    ]
    self.write([
      .init("status", .object(status)), .init("trailers", self.value(of: end.trailers)),
      .init("peer", end.peer.map { .string($0) } ?? .null),
      .init("sent", .number("\(end.sent)")), .init("received", .number("\(end.received)")),
    ])
    if end.code != .ok {
      self.writes.error("ERROR: \(end.code.rawValue) \(end.code.canonicalName): \(end.sentence)")
    }
  }

  private func write(_ members: [JSONValue.Member]) {
    self.writes.line(JSONValue.object(members).text())
  }

  /// Names with the lists of their values.
  private func value(of metadata: Metadata) -> JSONValue {
    .object(
      MetadataText(metadata, showsSecrets: self.showsSecrets).byName.map { name, values in
        .init(name, .array(values.map { .string($0) }))
      })
  }
}
