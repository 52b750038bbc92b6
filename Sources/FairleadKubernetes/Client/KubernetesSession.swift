import AsyncHTTPClient
import NIOCore
import NIOPosix
import Synchronization

/// The connections to one API server, for as long as a ``KubernetesClient/withSession(_:)`` lasts.
/// Safe to use from any thread.
package final class KubernetesSession: Sendable {
  let client: KubernetesClient
  private let state = Mutex(State())

  private struct State {
    var isClosed = false
    var clients: [Route: HTTPClient] = [:]
  }

  /// What cannot be said of a single request.
  private struct Route: Hashable {
    var proxy: ClusterAccess.ProxyAddress?
    /// The name in the certificate, and where it really is.
    var serverName: String?
    var host: String
  }

  fileprivate init(_ client: KubernetesClient) {
    self.client = client
  }

  var options: KubernetesOptions { client.options }

  /// Makes a request. A 401 leads to one more with credentials that were read anew.
  ///
  /// - Throws: also for each status that is no success.
  func send(_ request: APIRequest) async throws(KubernetesFailure) -> HTTPClientResponse {
    var (response, used) = try await attempt(request)
    if response.status == .unauthorized {
      client.credentialsWereRefused(used)
      (response, used) = try await attempt(request)
    }
    guard (200..<300).contains(response.status.code) else {
      throw await APIFailure.read(
        response, of: request, access: used.access, limit: options.limits.error)
    }
    return response
  }

  private func attempt(
    _ request: APIRequest
  ) async throws(KubernetesFailure) -> (HTTPClientResponse, RequestCredentials) {
    let credentials = try await client.credentials()
    let access = credentials.access
    var message = HTTPClientRequest(
      url: access.server.url(host: serverName(of: access)) + request.target)
    message.headers.add(name: "accept", value: request.accept)
    message.headers.add(name: "user-agent", value: "fairlead")
    if let authorization = credentials.authorization {
      message.headers.add(name: "authorization", value: authorization.headerValue)
    }
    message.tlsConfiguration = credentials.tls
    do {
      // Until the answer begins; who asked bounds the rest. A watch may be silent for long, but a server
      // that is well begins to answer at once, and one that vanished may not be waited for as long.
      let response = try await httpClient(for: access).execute(
        message, timeout: .nanoseconds(options.listTimeout.nanoseconds))
      return (response, credentials)
    } catch {
      let failure = ConnectionFailure.describe(error, access: access)
      if failure.kind == .certificate { client.credentialsWereRefused(credentials) }
      throw failure
    }
  }

  /// In the URL instead of the host, so that the certificate is compared with it.
  private func serverName(of access: ClusterAccess) -> String? {
    access.server.isTLS ? access.trust.serverName : nil
  }

  private func httpClient(for access: ClusterAccess) throws -> HTTPClient {
    let route = Route(
      proxy: access.proxy, serverName: serverName(of: access), host: access.server.host)
    return try state.withLock { state in
      guard !state.isClosed else { throw CancellationError() }
      if let known = state.clients[route] { return known }
      let new = HTTPClient(
        eventLoopGroup: .singletonMultiThreadedEventLoopGroup,
        configuration: configuration(route))
      state.clients[route] = new
      return new
    }
  }

  private func configuration(_ route: Route) -> HTTPClient.Configuration {
    var configuration = HTTPClient.Configuration()
    // A connection for each watch: one that dies takes no other with it.
    configuration.httpVersion = .http1Only
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 100_000
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.timeout.connect = .nanoseconds(options.connectTimeout.nanoseconds)
    configuration.redirectConfiguration = .disallow
    if let proxy = route.proxy {
      configuration.proxy =
        proxy.isSOCKS
        ? .socksServer(host: proxy.host, port: proxy.port)
        : .server(host: proxy.host, port: proxy.port)
    }
    if let name = route.serverName { configuration.dnsOverride = [name: route.host] }
    // The only hook that sees the connection before it is used.
    configuration.http1_1ConnectionDebugInitializer = { TCPKeepalive.enable(on: $0) }
    return configuration
  }

  fileprivate func close() async {
    let clients = state.withLock { state in
      state.isClosed = true
      let clients = state.clients
      state.clients = [:]
      return clients
    }
    for client in clients.values {
      // What is open is cut; there is nobody left who reads it.
      try? await client.shutdown()
    }
  }
}

extension KubernetesClient {
  /// Gives `body` a session, and closes its connections at the end.
  package func withSession<Result: Sendable>(
    _ body: (KubernetesSession) async -> Result
  ) async -> Result {
    let session = KubernetesSession(self)
    let result = await body(session)
    await session.close()
    return result
  }
}

extension Duration {
  var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}
