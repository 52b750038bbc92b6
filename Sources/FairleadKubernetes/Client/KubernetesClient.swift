import Foundation
import NIOSSL
import Synchronization

/// Who we are to one cluster: its credentials, read when they are first needed and anew when the
/// server does not take them. Requests are made in a ``KubernetesSession``.
///
/// Safe to use from any thread; holds no connections and needs no end.
package final class KubernetesClient: Sendable {
  let options: KubernetesOptions
  private let selection: CredentialSelection
  private let state = Mutex(State())
  private let pluginTurn = Turnstile()

  private struct State {
    var access: ClusterAccess?
    var tls: TLSConfiguration?
    var plugin: ExecCredential?
    /// The last good content of a token file, which may be gone for a moment while it is replaced.
    var token: Secret?
    var hasWarned = false
  }

  package init(_ selection: CredentialSelection, options: KubernetesOptions) {
    self.selection = selection
    self.options = options
  }

  /// How the cluster is reached. Reads the files if that has not been done.
  package func access() throws(KubernetesFailure) -> ClusterAccess {
    if let access = state.withLock(\.access) { return access }
    let access = try selection.load()
    let isNews = state.withLock { state in
      state.access = access
      defer { state.hasWarned = true }
      return !state.hasWarned
    }
    if isNews, access.server.isTLS, !access.trust.isVerified {
      options.logger.warning(
        "the API server's certificate is not verified, as insecure-skip-tls-verify asks",
        metadata: ["server": "\(access.server)", "source": "\(access.source)"])
    }
    return access
  }

  /// What the next request is made with.
  func credentials() async throws(KubernetesFailure) -> RequestCredentials {
    let access = try access()
    switch access.authentication {
    case .none:
      return try request(access, nil)
    case .token(let token):
      return try request(access, .bearer(token))
    case .tokenFile(let path):
      return try request(access, .bearer(try token(in: path)))
    case .basic(let user, let password):
      return try request(access, .basic(user: user, password: password))
    case .exec(let plugin):
      let made = try await credential(of: plugin, source: access.source)
      return try request(access, made.token.map { .bearer($0) }, certificate: made.certificate)
    }
  }

  /// The server did not take what ``credentials()`` gave: everything is read anew next time, unless
  /// another request's refusal has led to that already.
  func credentialsWereRefused(_ used: RequestCredentials) {
    state.withLock { state in
      if let plugin = state.plugin, !plugin.made(used.authorization) { return }
      state.access = nil
      state.tls = nil
      state.plugin = nil
      state.token = nil
    }
  }

  private func token(in path: String) throws(KubernetesFailure) -> Secret {
    do throws(KubernetesFailure) {
      let token = try CredentialFile.readToken(path, for: "the token")
      state.withLock { $0.token = token }
      return token
    } catch {
      if let last = state.withLock(\.token) { return last }
      throw error
    }
  }

  private func credential(
    of plugin: ExecPlugin, source: String
  ) async throws(KubernetesFailure) -> ExecCredential {
    // Many requests begin at once; the plugin runs for the first of them only.
    await pluginTurn.enter()
    defer { pluginTurn.leave() }
    let now = options.wallClock()
    if let known = state.withLock(\.plugin), known.isGood(at: now) { return known }
    let run = ExecPluginRun(
      plugin: plugin, source: source, environment: selection.environment,
      timeout: options.pluginTimeout, clock: options.clock)
    let made = try await run.credential()
    state.withLock { state in
      state.plugin = made
      state.tls = nil
    }
    return made
  }

  private func request(
    _ access: ClusterAccess, _ authorization: RequestCredentials.Authorization?,
    certificate: ClusterAccess.ClientCertificate? = nil
  ) throws(KubernetesFailure) -> RequestCredentials {
    guard access.server.isTLS else {
      return RequestCredentials(access: access, authorization: authorization, tls: nil)
    }
    if let tls = state.withLock(\.tls) {
      return RequestCredentials(access: access, authorization: authorization, tls: tls)
    }
    let tls = try access.tlsConfiguration(certificate: certificate ?? access.certificate)
    // Kept, because a connection is used again only for an equal configuration.
    state.withLock { $0.tls = tls }
    return RequestCredentials(access: access, authorization: authorization, tls: tls)
  }
}
