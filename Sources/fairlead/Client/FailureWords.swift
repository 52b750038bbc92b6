import FairleadCalls
import FairleadDescriptors
import FairleadDiscovery
import FairleadGRPC
import Foundation
import GRPCCore

/// Makes sentences for the command line of what goes wrong between us and a server.
struct FailureWords: Sendable {
  /// As the user named it.
  let server: String

  /// Why no server was reached; nil if one was, even if it took no call, or if the time was over.
  func failure(of end: CallEnd) -> CommandFailure? {
    guard end.peer == nil, end.code != .deadlineExceeded, end.code != .ok,
      !end.message.hasPrefix(ChannelFailure.shortLived)
    else { return nil }
    return CommandFailure(self.sentence(end.message))
  }

  /// Runs `body`; what it throws becomes a ``CommandFailure`` if it is one of the known kinds, or a ``UsageFailure`` if it is about
  /// data that are no JSON.
  func translate(_ body: () async throws -> Void) async throws {
    do {
      try await body()
    } catch let error as RPCError {
      throw CommandFailure(self.sentence(error))
    } catch let error as DescriptorProblem {
      throw CommandFailure(error.description.printable)
    } catch let error as JSONProblem {
      throw UsageFailure(error.description.printable)
    }
  }

  /// For an error of a question that was asked before the call.
  private func sentence(_ error: RPCError) -> String {
    let code = Status.Code(error.code).canonicalName
    if error.code == .unavailable { return self.sentence(error.message) }
    if error.code == .deadlineExceeded {
      return
        "\(self.server.printable) has not said in time what it serves (\(code)); give it longer with "
        + "--max-time, or give --proto or --protoset."
    }
    let message = TransportWords.plain(error).printable
    return
      "\(self.server.printable) does not say what it serves: \(code): \(Self.sentence(message))"
  }

  /// For a message of the transport: a server has said nothing, and one address needs no more words.
  private func sentence(_ message: String) -> String {
    var text = Self.flags(in: message.printable)
    if text.hasPrefix(ChannelFailure.shortLived) {
      text = "UNAVAILABLE: \(text)"
    } else if text.hasPrefix(ChannelFailure.noEndpoints) {
      text = text.dropFirst(ChannelFailure.noEndpoints.count).trimmingCharacters(in: .whitespaces)
      if text.isEmpty { text = "\(self.server.printable) has no endpoints; check its spelling" }
    } else if text.hasPrefix(ChannelFailure.unreachable) {
      text = String(text.dropFirst(ChannelFailure.unreachable.count))
      if !text.hasPrefix("The server") { text = "Cannot connect to \(text)" }
    }
    return Self.sentence(text)
  }

  private static func sentence(_ text: String) -> String {
    text.hasSuffix(".") ? text : text + "."
  }

  /// What the library calls by the names of its API, by the names of options.
  static func flags(in sentence: String) -> String {
    var text = sentence
    for (api, option) in Self.options {
      text = text.replacing(api, with: option)
    }
    return text
  }

  private static let options = [
    ("or add its authority to trustRoots", "or give its authority with --cacert"),
    ("set an identity", "give one with --cert and --key"),
    ("or set serverHostname", "or name one with --server-name"),
    ("use plaintext, or check the port", "give --plaintext, or check the port"),
    (
      "whether it wants TLS or a client certificate",
      "whether it wants TLS (no --plaintext) or a client certificate (--cert and --key)"
    ),
  ]
}
