import FairleadCalls
import FairleadDescriptors
import FairleadGRPC
import GRPCCore

/// Tells of a call as a person reads it: the messages alone on standard output, or all that happens; a
/// failure on standard error.
struct CallTextReporter: CallReporter {
  let isVerbose: Bool
  let showsSecrets: Bool
  let writes: CallOutput

  func begin(_ method: CallableMethod, metadata: Metadata) throws {
    guard self.isVerbose else { return }
    self.writes.line("Resolved method:")
    let text = try method.codec.pool.describe(method.method.fullName)
    self.writes.line(text.printable(keepingLines: true))
    self.section("Request metadata", metadata)
  }

  func headers(_ headers: Metadata, peer: String) {
    guard self.isVerbose else { return }
    self.writes.line("\nAnswered by \(peer.printable)")
    self.section("Response headers", headers)
  }

  func message(_ message: JSONValue, size: Int) {
    if self.isVerbose {
      self.writes.line("\nResponse message (\(size) bytes):")
    }
    self.writes.line(message.text(indentation: 2))
  }

  func end(_ end: CallEnd, details: ErrorDetails?) {
    if self.isVerbose {
      self.section("Response trailers", end.trailers)
      self.writes.line("\nStatus: \(end.code.rawValue) \(end.code.canonicalName)")
      self.writes.line("Sent \(Self.count(end.sent)), received \(Self.count(end.received))")
    }
    guard end.code != .ok else { return }
    self.writes.error("ERROR: \(end.code.rawValue) \(end.code.canonicalName): \(end.sentence)")
    guard let details else { return }
    for detail in details.details {
      let text = detail.text(indentation: 2)
      self.writes.error(text.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
    }
    if details.omitted > 0 {
      self.writes.error("  and \(details.omitted) further details")
    }
  }

  private func section(_ title: String, _ metadata: Metadata) {
    self.writes.line("\n\(title):")
    let lines = MetadataText(metadata, showsSecrets: self.showsSecrets).lines
    for line in lines.isEmpty ? ["(none)"] : lines {
      self.writes.line(line)
    }
  }

  private static func count(_ messages: Int) -> String {
    "\(messages) message\(messages == 1 ? "" : "s")"
  }
}
