import NIOCore
import NIOSSL
import NIOTLS

/// Refuses a server whose certificate does not have the name that was meant.
///
/// NIOSSL compares names, too, but is content with a certificate that has the address of the connection
/// in place of the name: whoever has a certificate for an address could answer for every name there.
/// Where both were asked for, the name is what counts (RFC 9525, section 6.3).
///
/// Stands right behind the TLS handler, and leaves the pipeline with the end of the handshake.
final class CertificateNameCheck: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer

  private let name: String
  private let server: String

  /// - Parameters:
  ///   - name: what the certificate must have, a DNS name.
  ///   - server: how errors call the server: its address.
  init(name: String, server: String) {
    self.name = name
    self.server = server
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard let event = event as? TLSUserEvent, case .handshakeCompleted = event else {
      return context.fireUserInboundEventTriggered(event)
    }
    let tls = try? context.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self)
    guard let certificate = tls?.peerCertificate,
      CertificateNames(certificate).allow(name)
    else {
      context.fireErrorCaught(HandshakeFailure.otherNames("The server \(server)"))
      return context.close(promise: nil)
    }
    context.fireUserInboundEventTriggered(event)
    context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
  }
}
