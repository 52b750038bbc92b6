import NIOCore
import NIOHPACK
import NIOHTTP2

/// Stands first in the pipeline of each stream and puts the ``UnprocessedMark`` in place of what says
/// that the server has not processed it: RST_STREAM with REFUSED_STREAM, a GOAWAY whose last stream
/// was before this one, or a stream that could not be opened any more after a GOAWAY
/// (RFC 9113, sections 6.8 and 8.7).
///
/// Over TLS it also mends the `:scheme` of the request, which a wrapped channel always calls http.
final class UnprocessedStreamHandler: ChannelDuplexHandler {
  typealias InboundIn = HTTP2Frame.FramePayload
  typealias InboundOut = HTTP2Frame.FramePayload
  typealias OutboundIn = HTTP2Frame.FramePayload
  typealias OutboundOut = HTTP2Frame.FramePayload

  private let mark: UnprocessedMark
  private let isSecure: Bool
  private var hasAnswer = false

  init(mark: UnprocessedMark, isSecure: Bool) {
    self.mark = mark
    self.isSecure = isSecure
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .rstStream(.refusedStream) where !hasAnswer:
      answer(context)
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
    case let error as NIOHTTP2Errors.StreamClosed
    where error.errorCode == .refusedStream && !hasAnswer:
      answer(context)
    case is NIOHTTP2Errors.CreatedStreamAfterGoaway where !hasAnswer:
      answer(context)
      context.close(promise: nil)
    default:
      context.fireErrorCaught(error)
    }
  }

  private func answer(_ context: ChannelHandlerContext) {
    hasAnswer = true
    let headers = HTTP2Frame.FramePayload.Headers(headers: mark.headers, endStream: true)
    context.fireChannelRead(wrapInboundOut(.headers(headers)))
    context.fireChannelReadComplete()
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard isSecure, case .headers(var headers) = unwrapOutboundIn(data),
      headers.headers.contains(name: ":scheme")
    else { return context.write(data, promise: promise) }
    headers.headers.replaceOrAdd(name: ":scheme", value: "https")
    context.write(wrapOutboundOut(.headers(headers)), promise: promise)
  }
}
