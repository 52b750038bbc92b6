import NIOCore
import NIOSSL
import NIOTLS

/// Waits for the end of the TLS handshake, refuses a server that did not agree on `h2`, and tells how
/// it went. Stands right behind the TLS handler, and leaves the pipeline with the first bytes that
/// come after the handshake: until then a server may still refuse our certificate.
///
/// Errors are passed on as a ``SecurityError`` that says in a sentence what is wrong.
package final class ALPNCheck: ChannelInboundHandler, RemovableChannelHandler {
  package typealias InboundIn = ByteBuffer

  private let server: String
  private let requiresALPN: Bool
  private var handshake: EventLoopPromise<Void>?

  /// - Parameters:
  ///   - server: how errors call the server: its address, and its name perhaps.
  ///   - requiresALPN: whether a server that did not agree on a protocol is refused. One that agreed
  ///     on another than `h2` always is.
  ///   - handshake: succeeds when the connection is secure, fails when it will not be. With TLS 1.3
  ///     a server judges our certificate after that: its refusal comes later, as an error.
  package init(
    server: String, requiresALPN: Bool = true, handshake: EventLoopPromise<Void>? = nil
  ) {
    self.server = server
    self.requiresALPN = requiresALPN
    self.handshake = handshake
  }

  package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard let event = event as? TLSUserEvent, case .handshakeCompleted(let agreed) = event else {
      return context.fireUserInboundEventTriggered(event)
    }
    if agreed == "h2" || (agreed == nil && !requiresALPN) {
      settle(.success(()))
      context.fireUserInboundEventTriggered(event)
    } else {
      let found = agreed.map { "wants to speak \($0)" } ?? "did not agree on a protocol"
      fail(
        SecurityError(
          "The server \(server) \(found) after TLS, not HTTP/2; let it offer h2 by ALPN."), context)
      context.close(promise: nil)
    }
  }

  package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    context.fireChannelRead(data)
    context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
  }

  package func errorCaught(context: ChannelHandlerContext, error: any Error) {
    fail(HandshakeFailure.describe(error, server: server) ?? error, context)
  }

  package func channelInactive(context: ChannelHandlerContext) {
    settle(
      .failure(
        SecurityError(
          "The server \(server) cut the connection during the TLS handshake; check that it speaks "
            + "TLS on that port.")))
    context.fireChannelInactive()
  }

  /// The channel was closed before there was a word from the server.
  package func handlerRemoved(context: ChannelHandlerContext) {
    settle(.failure(ChannelError.ioOnClosedChannel))
  }

  private func fail(_ error: any Error, _ context: ChannelHandlerContext) {
    settle(.failure(error))
    context.fireErrorCaught(error)
  }

  private func settle(_ result: Result<Void, any Error>) {
    let handshake = handshake
    self.handshake = nil
    handshake?.completeWith(result)
  }
}
