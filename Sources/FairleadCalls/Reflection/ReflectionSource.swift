import FairleadDescriptors
import FairleadGRPC
import FairleadReflectionProtocol
import GRPCCore
import SwiftProtobuf
import Synchronization

/// What a server says of itself by reflection: `grpc.reflection.v1`, or `v1alpha` if it does not know
/// that.
package final class ReflectionSource: DescriptorSource {
  private struct Known {
    /// What the server has answered to.
    var version: ReflectionVersion?
    var services: [String]?
    var files: [String: Google_Protobuf_FileDescriptorProto] = [:]
    /// That were sent for them.
    var bytes = 0
    /// Of all files.
    var pool: DescriptorPool?
    /// What was asked for and is in the pool.
    var symbols: Set<String> = []
  }

  /// Services whose messages are looked through for a name that is spelled alike.
  private static let maximumServicesForHints = 16

  private let conversation: ReflectionConversation
  private let server: String
  private let limits: ReflectionLimits
  private let known = Mutex(Known())

  /// - Parameters:
  ///   - client: Runs as long as this is used.
  ///   - server: How sentences call the server.
  ///   - metadata: Is sent with the questions.
  ///   - time: For all questions.
  package init(
    client: GRPCClient<BalancedTransport>, server: String, metadata: Metadata = [:],
    time: ReflectionTime
  ) {
    self.limits = ReflectionLimits()
    self.conversation = ReflectionConversation(
      client: client, metadata: metadata, time: time, maximumAnswerSize: self.limits.bytes)
    self.server = server
  }

  package func services() async throws -> [String] {
    if let services = self.known.withLock(\.services) { return services }
    let answers = try await self.withVersion { version in
      try await self.conversation.ask(.with { $0.listServices = "*" }, version)
    }
    guard case .listServicesResponse(let list)? = answers.messageResponse,
      list.service.count <= self.limits.services
    else {
      var why = ""
      if case .errorResponse(let response)? = answers.messageResponse {
        why = ": \(ReflectionInquiry.Refusal(response).words)"
      }
      throw DescriptorProblem(
        "The server \(self.server) does not list its services\(why); name one.")
    }
    let services = Set(list.service.map(\.name)).sorted()
    self.known.withLock { $0.services = services }
    return services
  }

  package func pool(for symbol: String) async throws -> DescriptorPool {
    let plain = symbol.hasPrefix(".") ? String(symbol.dropFirst()) : symbol
    if let pool = self.known.withLock({ $0.symbols.contains(plain) ? $0.pool : nil }) {
      return pool
    }
    if let pool = try await self.load(plain) { return pool }
    // A method, a field or a value: some servers know the names around them alone.
    if let end = plain.lastIndex(of: "."), let pool = try await self.load(String(plain[..<end])) {
      return pool
    }
    let near = Spelling.hint(for: plain, among: await self.names())
    throw DescriptorProblem(
      "The server \(self.server) knows no '\(plain.printable)'\(near.printable); `list` shows its "
        + "services.")
  }

  /// What can be meant by a name that is not known: services, and what some of them use. That there is
  /// no such symbol matters more than that its likes cannot be listed.
  private func names() async -> [String] {
    let services = (try? await self.services()) ?? []
    var names = services
    for service in services.prefix(Self.maximumServicesForHints) {
      guard let pool = try? await self.load(service) else { continue }
      names += pool.messages.map(\.fullName) + pool.enums.map(\.fullName)
    }
    return names
  }

  package func pool(adding symbol: String) async -> DescriptorPool? {
    try? await self.load(symbol)
  }

  /// Nil if the server knows no such symbol.
  private func load(_ symbol: String) async throws -> DescriptorPool? {
    let (files, bytes) = self.known.withLock { ($0.files, $0.bytes) }
    let inquiry: ReflectionInquiry
    do {
      inquiry = try await self.withVersion { version in
        try await self.conversation.learn(
          ReflectionInquiry(symbol: symbol, files: files, bytes: bytes, limits: self.limits),
          version)
      }
    } catch let error as RPCError where error.code == .notFound {
      // Some servers end the stream with it instead of saying so in an answer.
      return nil
    }
    if let refusal = inquiry.refusal {
      guard !refusal.isAbsence else { return nil }
      throw DescriptorProblem(
        "The server \(self.server) does not describe '\(symbol)': \(refusal.words).")
    }
    let pool = try DescriptorPool(inquiry.files.values.sorted { $0.name < $1.name })
    self.known.withLock { known in
      known.files.merge(inquiry.files) { first, _ in first }
      known.bytes = max(known.bytes, inquiry.bytes)
      known.pool = pool
      known.symbols.insert(symbol)
    }
    return pool
  }

  /// Asks with the version that the server knows.
  private func withVersion<Result: Sendable>(
    _ body: (ReflectionVersion) async throws -> Result
  ) async throws -> Result {
    var version = self.known.withLock(\.version) ?? .v1
    while true {
      do {
        let result = try await body(version)
        self.known.withLock { $0.version = version }
        return result
      } catch let error as RPCError where error.code == .unimplemented {
        guard let fallback = version.fallback else {
          // It may be a proxy that knows no route, and says so.
          var words = error.message.prefix(200)
          if words.hasSuffix(".") { words.removeLast() }
          throw DescriptorProblem(
            "The server \(self.server) offers no reflection"
              + (words.isEmpty ? "" : " (it says: \(String(words).printable))")
              + "; say what it serves with --proto or --protoset.")
        }
        version = fallback
      }
    }
  }
}
