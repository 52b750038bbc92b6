import NIOCore
import NIOHPACK
import NIOHTTP2

/// One connection of a ``ScriptedServer``, behind its HTTP/2 handler.
final class ScriptedConnection: ChannelInboundHandler {
  typealias InboundIn = HTTP2Frame
  typealias OutboundOut = HTTP2Frame

  private struct Stream {
    var index: Int
    var reaction: ScriptedServer.Reaction
  }

  private let server: ScriptedServer
  private let number: Int
  private var streams: [HTTP2StreamID: Stream] = [:]

  init(_ server: ScriptedServer, number: Int) {
    self.server = server
    self.number = number
  }

  func channelActive(context: ChannelHandlerContext) {
    let window = HTTP2Frame(
      streamID: .rootStream, payload: .windowUpdate(windowSizeIncrement: 1 << 24))
    context.writeAndFlush(wrapOutboundOut(window), promise: nil)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    switch frame.payload {
    case .headers(let headers):
      let request = ScriptedServer.Request(
        connection: number, stream: frame.streamID, headers: headers.headers)
      let (index, reaction) = server.begins(request)
      streams[frame.streamID] = Stream(index: index, reaction: reaction)
      if case .refuse = reaction {
        streams[frame.streamID] = nil
        ScriptedFrames.reset(on: context.channel, frame.streamID, .refusedStream)
      } else if headers.endStream {
        ended(context, frame.streamID, bytes: 0)
      }
    case .data(let data):
      if data.endStream {
        ended(context, frame.streamID, bytes: data.data.readableBytes)
      } else if let stream = streams[frame.streamID] {
        server.received(stream.index, bytes: data.data.readableBytes, isEnd: false)
      }
    case .rstStream:
      streams[frame.streamID] = nil
    case .priority, .settings, .pushPromise, .ping, .goAway, .windowUpdate, .alternativeService,
      .origin:
      break
    }
  }

  /// What happens to a connection is the client's affair.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {}

  private func ended(_ context: ChannelHandlerContext, _ id: HTTP2StreamID, bytes: Int) {
    guard let stream = streams.removeValue(forKey: id) else { return }
    server.received(stream.index, bytes: bytes, isEnd: true)
    let channel = context.channel
    switch stream.reaction {
    case .answer: ScriptedFrames.answer(on: channel, id)
    case .hold: server.hold(id, on: channel)
    case .refuse: ScriptedFrames.reset(on: channel, id, .refusedStream)
    case .reset(let code): ScriptedFrames.reset(on: channel, id, code)
    case .resetAfterHeaders:
      ScriptedFrames.answer(on: channel, id, isWhole: false)
      ScriptedFrames.reset(on: channel, id, .refusedStream)
    case .leaveOut:
      // A client's streams have odd numbers.
      let last = HTTP2StreamID(Int(id) - 2)
      let frame = HTTP2Frame(
        streamID: .rootStream,
        payload: .goAway(lastStreamID: last, errorCode: .noError, opaqueData: nil))
      channel.writeAndFlush(frame, promise: nil)
    }
  }
}

/// What a ``ScriptedServer`` sends.
enum ScriptedFrames {
  /// A unary gRPC response with an empty message, or only its header block.
  static func answer(on channel: any Channel, _ id: HTTP2StreamID, isWhole: Bool = true) {
    let headers: HPACKHeaders = [":status": "200", "content-type": "application/grpc"]
    write(.headers(.init(headers: headers)), on: channel, id)
    if isWhole {
      let message = ByteBuffer(bytes: [0, 0, 0, 0, 0])
      write(.data(.init(data: .byteBuffer(message))), on: channel, id)
      write(.headers(.init(headers: ["grpc-status": "0"], endStream: true)), on: channel, id)
    }
    channel.flush()
  }

  static func reset(on channel: any Channel, _ id: HTTP2StreamID, _ code: HTTP2ErrorCode) {
    write(.rstStream(code), on: channel, id)
    channel.flush()
  }

  private static func write(
    _ payload: HTTP2Frame.FramePayload, on channel: any Channel, _ id: HTTP2StreamID
  ) {
    channel.write(HTTP2Frame(streamID: id, payload: payload), promise: nil)
  }
}
