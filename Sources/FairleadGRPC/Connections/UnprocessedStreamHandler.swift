import GRPCCore
import NIOCore
import NIOHPACK
import NIOHTTP2

/// Stands first in the pipeline of each stream and puts the ``UnprocessedMark`` in place of what says
/// that the server has not processed it: RST_STREAM with REFUSED_STREAM, a GOAWAY whose last stream
/// was before this one (RFC 9113, sections 6.8 and 8.7), a request that is flushed after a GOAWAY, or
/// the end of a stream that never got as far as a number, as its connection closed. See ``GoAwayFlag``.
///
/// Over TLS it also mends the `:scheme` of the request, which a wrapped channel always calls http.
final class UnprocessedStreamHandler: ChannelDuplexHandler {
  typealias InboundIn = HTTP2Frame.FramePayload
  typealias InboundOut = HTTP2Frame.FramePayload
  typealias OutboundIn = HTTP2Frame.FramePayload
  typealias OutboundOut = HTTP2Frame.FramePayload

  private let mark: UnprocessedMark
  private let goAway: GoAwayFlag
  private let isSecure: Bool
  private var hasAnswer = false

  init(mark: UnprocessedMark, goAway: GoAwayFlag, isSecure: Bool) {
    self.mark = mark
    self.goAway = goAway
    self.isSecure = isSecure
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .rstStream(.refusedStream) where !hasAnswer:
      if let number = number(context) { goAway.refused(number) }
      answer(.refused, context)
    case .headers:
      hasAnswer = true
      context.fireChannelRead(data)
    case .data, .priority, .rstStream, .settings, .pushPromise, .ping, .goAway, .windowUpdate,
      .alternativeService, .origin:
      context.fireChannelRead(data)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case let error as NIOHTTP2Errors.StreamClosed where error.errorCode == .refusedStream:
      answer(.refused, context)
    case is RPCError:
      // The caller's own, passed on by its writer: it says nothing of the stream.
      hasAnswer = true
    default:
      answer(reason(context), context)
    }
    context.fireErrorCaught(error)
  }

  func channelInactive(context: ChannelHandlerContext) {
    answer(reason(context), context)
    context.fireChannelInactive()
  }

  /// Why a stream that ends without an answer was not processed; `nil` if it may have been.
  private func reason(_ context: ChannelHandlerContext) -> UnprocessedMark.Reason? {
    guard let number = number(context) else { return .unsent }
    return goAway.hasRefused(number) ? .refused : nil
  }

  /// A stream gets its number when its first frame is handed to the connection.
  private func number(_ context: ChannelHandlerContext) -> HTTP2StreamID? {
    try? context.channel.syncOptions?.getOption(HTTP2StreamChannelOptions.streamID)
  }

  private func answer(_ reason: UnprocessedMark.Reason?, _ context: ChannelHandlerContext) {
    guard let reason, !hasAnswer else { return }
    hasAnswer = true
    context.fireChannelRead(wrapInboundOut(.rstStream(mark.code(reason))))
    context.fireChannelReadComplete()
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard isSecure, case .headers(var headers) = unwrapOutboundIn(data) else {
      return context.write(data, promise: promise)
    }
    headers.headers = headers.headers.withScheme("https")
    context.write(wrapOutboundOut(.headers(headers)), promise: promise)
  }

  func flush(context: ChannelHandlerContext) {
    // What was written before goes to the connection now; a new stream must not.
    guard goAway.isSet, number(context) == nil else { return context.flush() }
    answer(.unsent, context)
    context.close(promise: nil)
  }
}

extension HPACKHeaders {
  /// The scheme stays where it is: pseudo-fields come first (RFC 9113, section 8.3).
  fileprivate func withScheme(_ scheme: String) -> HPACKHeaders {
    var changed = HPACKHeaders()
    changed.reserveCapacity(count)
    for (name, value, indexing) in self {
      changed.add(name: name, value: name == ":scheme" ? scheme : value, indexing: indexing)
    }
    return changed
  }
}
