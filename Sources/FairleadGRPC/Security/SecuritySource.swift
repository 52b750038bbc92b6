import Logging
import NIOSSL
import Synchronization

/// Makes the TLS handlers of one transport, of files as they are when each connection is made.
///
/// Contexts are kept as long as the files say the same, and a broken file leaves the last good
/// context in use. Safe to use from any thread; it reads files, so not from an event loop.
package final class SecuritySource: Sendable {
  private let security: ClientSecurity
  private let logger: Logger?
  private let state: Mutex<State>

  private struct State {
    var loaded: LoadedSecurity
    var material: SecurityMaterial?
    /// What could not be used, so that it is not tried for each connection.
    var refused: SecurityMaterial?
    var failure: SecurityError?

    /// What to use if nothing is to be loaded.
    mutating func known(_ material: SecurityMaterial) -> LoadedSecurity? {
      if material == self.material {
        // What was wrong is undone.
        refused = nil
        failure = nil
        return loaded
      }
      return material == refused ? loaded : nil
    }
  }

  /// `:scheme` of requests: `http` or `https`.
  package var scheme: String { security.scheme }

  /// Why what the files say now is not in use; `nil` if it is.
  package var failure: SecurityError? { state.withLock(\.failure) }

  /// Reads the files.
  ///
  /// - Parameter logger: is told of reloads and of files that cannot be used, at `debug`.
  package init(_ security: ClientSecurity, logger: Logger? = nil) throws(SecurityError) {
    self.security = security
    self.logger = logger
    switch security.kind {
    case .plaintext:
      state = Mutex(
        State(
          loaded: LoadedSecurity(
            context: nil, serverHostname: nil, checksName: false, requiresALPN: false,
            generation: 0)))
    case .tls(let tls):
      let material = try SecurityMaterial(tls)
      let loaded = LoadedSecurity(tls, context: try material.context(tls), generation: 1)
      state = Mutex(State(loaded: loaded, material: material))
    }
  }

  /// Security as the files say now; as they said last, if they cannot be used.
  package func current() -> LoadedSecurity {
    guard case .tls(let tls) = security.kind else { return state.withLock(\.loaded) }
    let material: SecurityMaterial
    do throws(SecurityError) {
      material = try SecurityMaterial(tls)
    } catch {
      return keep(nil, because: error)
    }
    if let known = state.withLock({ $0.known(material) }) { return known }
    do throws(SecurityError) {
      return use(material, try material.context(tls), tls)
    } catch {
      return keep(material, because: error)
    }
  }

  private func use(
    _ material: SecurityMaterial, _ context: NIOSSLContext, _ tls: ClientSecurity.TLS
  ) -> LoadedSecurity {
    let loaded = state.withLock { state in
      state.loaded = LoadedSecurity(tls, context: context, generation: state.loaded.generation + 1)
      state.material = material
      state.refused = nil
      state.failure = nil
      return state.loaded
    }
    logger?.debug("certificates were loaded anew", metadata: ["security": "\(security)"])
    return loaded
  }

  private func keep(
    _ material: SecurityMaterial?, because failure: SecurityError
  ) -> LoadedSecurity {
    let (loaded, isNews) = state.withLock { state in
      let isNews = state.failure != failure
      state.refused = material
      state.failure = failure
      return (state.loaded, isNews)
    }
    if isNews {
      logger?.debug(
        "new certificates cannot be used, the last good ones stay",
        metadata: ["reason": "\(failure)"])
    }
    return loaded
  }
}

extension LoadedSecurity {
  fileprivate init(_ tls: ClientSecurity.TLS, context: NIOSSLContext, generation: Int) {
    self.init(
      context: context, serverHostname: tls.serverHostname,
      checksName: tls.verification == .full, requiresALPN: tls.requiresALPN,
      generation: generation)
  }
}
