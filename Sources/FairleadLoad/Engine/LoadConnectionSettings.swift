import FairleadGRPC
import FairleadHTTP2

/// How the connections of a run are opened.
package struct LoadConnectionSettings: Sendable {
  package let address: LoadAddress
  /// The `:authority` of calls, and what a certificate has to be for if `security` does not say it.
  package let authority: String
  package let isSecure: Bool
  let security: LoadedSecurity
  /// For the socket, TLS and the server's SETTINGS together.
  package let connectTimeout: Duration
  /// How long a run goes on while no connection takes calls; never shorter than the time to connect.
  package var patience: Duration

  /// Reads the files of `security`: not for an event loop.
  ///
  /// - Throws: `SecurityError` for files that cannot be used.
  package init(
    address: LoadAddress, authority: String?, security: ClientSecurity, connectTimeout: Duration
  ) throws(SecurityError) {
    self.address = address
    self.authority = authority ?? address.description
    let source = try SecuritySource(security)
    isSecure = source.scheme == "https"
    self.security = source.current()
    self.connectTimeout = connectTimeout
    patience = max(.seconds(10), connectTimeout)
  }

  var scheme: String { isSecure ? "https" : "http" }

  /// The name for TLS: the authority without its port.
  var serverName: String {
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
      return String(authority[authority.index(after: authority.startIndex)..<end])
    }
    guard let colon = authority.lastIndex(of: ":") else { return authority }
    return String(authority[..<colon])
  }

  /// A client that takes answers as fast as they come, and minds no resets.
  static let session: SessionConfiguration = {
    var session = SessionConfiguration()
    session.streamWindow = 1 << 20
    session.connectionWindow = 16 << 20
    // The proxy's budgets are against hostile peers; whoever loads a server has chosen it.
    session.resets = FrameBudget(burst: 1 << 30, perSecond: 1 << 20)
    session.controlFrames = FrameBudget(burst: 1 << 30, perSecond: 1 << 20)
    return session
  }()
}
