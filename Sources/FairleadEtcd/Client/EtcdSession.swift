import FairleadDiscovery
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Synchronization

/// One connection to one etcd server, with the calls that discovery and registration make. Safe to use
/// from any task; it ends with the scope that made it.
final class EtcdSession: Sendable {
  typealias Client = GRPCClient<HTTP2ClientTransport.Posix>

  private let client: Client
  private let options: EtcdOptions
  private let token = Mutex<String?>(nil)

  /// What one answer may hold, in bytes.
  private static let messageLimit = 32 << 20

  init(client: Client, options: EtcdOptions) {
    self.client = client
    self.options = options
  }

  /// Goes with every call.
  private var metadata: Metadata {
    var metadata: Metadata = [:]
    if let token = token.withLock(\.self) { metadata.addString(token, forKey: "token") }
    return metadata
  }

  private func callOptions(timeout: Duration?) -> CallOptions {
    var options = CallOptions.defaults
    options.timeout = timeout
    options.waitForReady = false
    options.maxResponseMessageBytes = Self.messageLimit
    return options
  }

  /// Gets a token, if there is a user and etcd wants to know.
  func authenticate() async throws {
    guard let user = options.user else { return }
    var request = Etcdserverpb_AuthenticateRequest()
    request.name = user.name
    request.password = user.password
    do {
      let response = try await Etcdserverpb_Auth.Client(wrapping: client).authenticate(
        request, options: callOptions(timeout: options.requestTimeout))
      token.withLock { $0 = response.token }
    } catch let error as RPCError where error.message.contains("authentication is not enabled") {
      token.withLock { $0 = nil }
    }
  }

  /// Makes one call, and once more with a new token if etcd does not take the one we have.
  private func call<Response: Sendable>(
    _ body: (Metadata, CallOptions) async throws -> Response
  ) async throws -> Response {
    let options = callOptions(timeout: self.options.requestTimeout)
    do {
      return try await body(metadata, options)
    } catch let error as RPCError where self.options.user != nil && Self.isStaleToken(error) {
      try await authenticate()
      return try await body(metadata, options)
    }
  }

  private static func isStaleToken(_ error: RPCError) -> Bool {
    error.message.contains("invalid auth token")
      || error.message.contains("revision of auth store is old")
  }
}

extension EtcdSession {
  func range(_ request: Etcdserverpb_RangeRequest) async throws -> Etcdserverpb_RangeResponse {
    try await call { metadata, options in
      try await Etcdserverpb_KV.Client(wrapping: client).range(
        request, metadata: metadata, options: options)
    }
  }

  func put(_ request: Etcdserverpb_PutRequest) async throws -> Etcdserverpb_PutResponse {
    try await call { metadata, options in
      try await Etcdserverpb_KV.Client(wrapping: client).put(
        request, metadata: metadata, options: options)
    }
  }

  func grantLease(
    _ request: Etcdserverpb_LeaseGrantRequest
  ) async throws -> Etcdserverpb_LeaseGrantResponse {
    try await call { metadata, options in
      try await Etcdserverpb_Lease.Client(wrapping: client).leaseGrant(
        request, metadata: metadata, options: options)
    }
  }

  /// The keys that go with the lease go, too. One that is not there any more is as good as revoked.
  func revokeLease(_ id: Int64) async throws {
    var request = Etcdserverpb_LeaseRevokeRequest()
    request.id = id
    do {
      _ = try await call { metadata, options in
        try await Etcdserverpb_Lease.Client(wrapping: client).leaseRevoke(
          request, metadata: metadata, options: options)
      }
    } catch let error as RPCError where error.code == .notFound {
      return
    }
  }

  /// Renews a lease once. Each time on a stream of its own, so that it has a deadline.
  ///
  /// - Throws: ``EtcdProblem/leaseLost`` if there is no such lease.
  func keepLeaseAlive(_ id: Int64, within limit: Duration) async throws {
    let left = try await Etcdserverpb_Lease.Client(wrapping: client).leaseKeepAlive(
      metadata: requiringLeader, options: callOptions(timeout: limit),
      requestProducer: { writer in
        var request = Etcdserverpb_LeaseKeepAliveRequest()
        request.id = id
        try await writer.write(request)
      },
      onResponse: { response in
        for try await message in response.messages { return message.ttl }
        throw EtcdProblem.unexpected("nothing to a keep-alive")
      })
    if left <= 0 { throw EtcdProblem.leaseLost }
  }

  /// A server that lost touch with the others must say so, instead of being silent for ever.
  private var requiringLeader: Metadata {
    var metadata = metadata
    metadata.addString("true", forKey: "hasleader")
    return metadata
  }

  /// Opens a watch and lets `onResponse` take what comes, until it returns something.
  ///
  /// - Parameter nextProgress: waits for the next time to ask whether the watch is up to date.
  func watch<Result: Sendable>(
    _ request: Etcdserverpb_WatchCreateRequest,
    nextProgress: @escaping @Sendable () async throws -> Void,
    onResponse:
      @escaping @Sendable (
        RPCAsyncSequence<Etcdserverpb_WatchResponse, any Error>
      ) async throws -> Result
  ) async throws -> Result {
    try await Etcdserverpb_Watch.Client(wrapping: client).watch(
      metadata: requiringLeader, options: callOptions(timeout: nil),
      requestProducer: { writer in
        try await writer.write(.with { $0.createRequest = request })
        while true {
          try await nextProgress()
          try await writer.write(.with { $0.progressRequest = .init() })
        }
      },
      onResponse: { response in try await onResponse(response.messages) })
  }
}
