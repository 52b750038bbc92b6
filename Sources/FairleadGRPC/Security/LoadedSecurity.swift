import FairleadDiscovery
import NIOCore
import NIOSSL

/// Security as it is at one moment, for one connection or many. Costs nothing to copy.
package struct LoadedSecurity: Sendable {
  /// `nil` for plaintext.
  let context: NIOSSLContext?
  let serverHostname: String?
  /// Whether the certificate must have the server's name.
  let checksName: Bool
  /// Whether the server must agree on `h2`.
  package let requiresALPN: Bool
  /// Which load of the files it is, from 1; 0 for plaintext.
  package let generation: Int

  /// The handlers that make a channel secure, to be the first of its pipeline; none for plaintext.
  ///
  /// - Parameters:
  ///   - serverName: the host that was meant, without a port. An IP literal is not sent as SNI (RFC
  ///     6066, section 3); the certificate then must have the address that the channel is connected to.
  ///   - server: how errors call the server: its address.
  package func makeHandlers(
    serverName: String, server: String
  ) throws(SecurityError) -> [any ChannelHandler] {
    guard let context else { return [] }
    let name = Self.name(serverHostname ?? serverName)
    let alpn = ALPNCheck(server: server, requiresALPN: requiresALPN)
    do {
      let tls = try NIOSSLClientHandler(context: context, serverHostname: name)
      guard checksName, let name else { return [tls, alpn] }
      return [tls, CertificateNameCheck(name: name, server: server), alpn]
    } catch {
      throw SecurityError(
        "\"\(serverName.prefix(80))\" cannot be the name of a TLS server; set serverHostname to the "
          + "name in its certificate.")
    }
  }

  /// As SNI has it: no address, and no dot at its end.
  private static func name(_ text: String) -> String? {
    let name = text.hasSuffix(".") ? String(text.dropLast()) : text
    return name.isEmpty || IPFamily(of: name) != nil ? nil : name
  }
}
