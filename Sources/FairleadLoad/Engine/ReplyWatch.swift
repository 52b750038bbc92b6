import FairleadHTTP2
import NIOCore

/// What is looked at of a response: status, who answered, and the first message if that tells.
struct ReplyWatch {
  private var httpStatus = 0
  private var status = -1
  private var message = ""
  private(set) var backend: ArraySlice<UInt8>?
  /// The beginning of the body.
  var body = ByteBuffer()
  /// More of the body is to be kept.
  private(set) var wantsBody = true

  /// Messages longer than this do not tell who answered.
  private static let longestMessage = 64 * 1024

  mutating func clear() {
    httpStatus = 0
    status = -1
    if !message.isEmpty { message = "" }
    backend = nil
    body.clear()
    wantsBody = true
  }

  mutating func headersCame(_ headers: HeaderBlock, _ backendHeader: [UInt8]?) {
    httpStatus = headers.firstIndex(of: .status).flatMap(headers.decimal(at:)) ?? 0
    read(headers, backendHeader)
  }

  mutating func trailersCame(_ trailers: HeaderBlock, _ backendHeader: [UInt8]?) {
    read(trailers, backendHeader)
  }

  private mutating func read(_ headers: HeaderBlock, _ backendHeader: [UInt8]?) {
    if let index = headers.firstIndex(of: .grpcStatus) {
      status = headers.decimal(at: index) ?? Int(StatusCode.unknown.rawValue)
      if status != 0, let text = headers.firstIndex(of: .grpcMessage) {
        message = GRPCMessage.decoded(headers.valueBytes(at: text))
      }
    }
    if let backendHeader, let index = headers.firstIndex(named: backendHeader) {
      backend = headers.valueBytes(at: index)
    }
  }

  mutating func bodyGrew() {
    let needed = 5 + (messageLength ?? 0)
    if needed > Self.longestMessage || body.readableBytes >= needed { wantsBody = false }
  }

  private var messageLength: Int? {
    body.getInteger(at: body.readerIndex + 1, as: UInt32.self).map(Int.init)
  }

  /// The five bytes before the first message, or as many as came.
  var prefix: UInt64 {
    body.readableBytesView.prefix(5).reduce(0) { $0 << 8 | UInt64($1) }
  }

  var firstMessage: [UInt8]? {
    // A message that is compressed cannot be read.
    guard let messageLength, body.getInteger(at: body.readerIndex, as: UInt8.self) == 0 else {
      return nil
    }
    return body.getBytes(at: body.readerIndex + 5, length: messageLength)
  }

  /// How a call ended whose stream did so, by gRPC's protocol over HTTP/2.
  func ending(_ closure: StreamClosure, wasSent: Bool) -> CallEnding {
    if status >= 0 {
      return CallEnding(status: StatusCode(wire: status), message: message)
    }
    switch closure {
    case .ended: return withoutStatus
    case .resetByPeer(let code): return reset(code)
    case .resetByUs:
      return CallEnding(
        status: .internalError, message: "The server broke the rules of HTTP/2 on a call.")
    case .aboveGoAway:
      return CallEnding(
        status: .unavailable, message: "The server closed the connection before it took the call.",
        isUnprocessed: true, isAnswer: false)
    case .connectionLost:
      return CallEnding(
        status: .unavailable, message: "The connection was lost.", isUnprocessed: !wasSent,
        isAnswer: false)
    }
  }

  private var withoutStatus: CallEnding {
    guard httpStatus == 200 else {
      return CallEnding(
        status: StatusCode(httpStatus: httpStatus),
        message: "The server answered HTTP \(httpStatus).")
    }
    return CallEnding(status: .unknown, message: "The server's answer has no grpc-status.")
  }

  private func reset(_ code: ErrorCode) -> CallEnding {
    let message = "The server reset the call: \(code)."
    switch code {
    case .refusedStream:
      return CallEnding(
        status: .unavailable, message: message, isUnprocessed: true, isAnswer: false)
    case .cancel: return CallEnding(status: .cancelled, message: message)
    case .enhanceYourCalm: return CallEnding(status: .resourceExhausted, message: message)
    case .inadequateSecurity: return CallEnding(status: .permissionDenied, message: message)
    default: return CallEnding(status: .internalError, message: message)
    }
  }
}
