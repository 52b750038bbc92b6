import NIOCore
import NIOHPACK
import NIOHTTP2

/// Stands first in the pipeline of each stream and puts the ``UnprocessedMark`` in place of what says
/// that the server has not processed it: RST_STREAM with REFUSED_STREAM, a GOAWAY whose last stream
/// was before this one (RFC 9113, sections 6.8 and 8.7), a request that is written after a GOAWAY, or
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
    if !hasAnswer, isUnprocessed(error) || neverArrived(context) {
      answer(context)
    }
    context.fireErrorCaught(error)
  }

  func channelInactive(context: ChannelHandlerContext) {
    if !hasAnswer, neverArrived(context) {
      answer(context)
    }
    context.fireChannelInactive()
  }

  private func isUnprocessed(_ error: any Error) -> Bool {
    switch error {
    case let error as NIOHTTP2Errors.StreamClosed: error.errorCode == .refusedStream
    case is NIOHTTP2Errors.CreatedStreamAfterGoaway: true
    default: false
    }
  }

  /// Whether the request was not sent, or was refused without a word.
  private func neverArrived(_ context: ChannelHandlerContext) -> Bool {
    number(context).map { goAway.hasRefused($0) } ?? true
  }

  /// A stream gets its number when its first frame is handed to the connection.
  private func number(_ context: ChannelHandlerContext) -> HTTP2StreamID? {
    try? context.channel.syncOptions?.getOption(HTTP2StreamChannelOptions.streamID)
  }

  private func answer(_ context: ChannelHandlerContext) {
    hasAnswer = true
    context.fireChannelRead(wrapInboundOut(.rstStream(mark.code)))
    context.fireChannelReadComplete()
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard case .headers(var headers) = unwrapOutboundIn(data) else {
      return context.write(data, promise: promise)
    }
    if goAway.isSet, number(context) == nil {
      promise?.fail(NIOHTTP2Errors.createdStreamAfterGoaway())
      if !hasAnswer { answer(context) }
      return context.close(promise: nil)
    }
    guard isSecure else { return context.write(data, promise: promise) }
    headers.headers.replaceOrAdd(name: ":scheme", value: "https")
    context.write(wrapOutboundOut(.headers(headers)), promise: promise)
  }
}
