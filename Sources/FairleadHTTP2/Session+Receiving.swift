import CNGHTTP2
import NIOCore

extension Session {
  /// Why a connection cannot go on.
  package enum ReceiveError: Error, Equatable {
    /// The client's first bytes are not HTTP/2's preface.
    case badPreface
    /// A limit was hit; GOAWAY is queued.
    case limit(SessionLimit)
    /// The peer broke the protocol in a way that leaves nothing to say but GOAWAY, which is queued.
    case protocolViolation
  }

  /// Takes what the socket read; events are delivered from within.
  ///
  /// After an error the owner sends what is queued and closes the connection.
  /// - Parameter now: nanoseconds of a clock that does not go back, for the budgets.
  package func receive(_ buffer: ByteBuffer, now: UInt64) throws(ReceiveError) {
    guard let handle else { return }
    if let exceededLimit {
      throw .limit(exceededLimit)
    }
    self.now = now
    let status = buffer.withUnsafeReadableBytes { bytes in
      nghttp2_session_mem_recv(
        handle, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
    }
    if nghttp2_session_want_write(handle) != 0 || nghttp2_session_want_read(handle) == 0 {
      needsSend()
    }
    if let exceededLimit {
      throw .limit(exceededLimit)
    }
    guard status < 0 else { return }
    throw failure(nghttp2_error(rawValue: Int32(status)))
  }

  /// What ended the session, if anything did: nghttp2 notices some of it only when it sends.
  package var failure: ReceiveError? {
    if let exceededLimit { return .limit(exceededLimit) }
    return violation == nil ? nil : .protocolViolation
  }

  private func failure(_ error: nghttp2_error) -> ReceiveError {
    switch error {
    case NGHTTP2_ERR_BAD_CLIENT_MAGIC:
      terminate(.protocolError)
      return .badPreface
    case NGHTTP2_ERR_FLOODED:
      exceed(.queuedAcks)
      return .limit(.queuedAcks)
    case NGHTTP2_ERR_TOO_MANY_SETTINGS:
      exceed(.controlFrames)
      return .limit(.controlFrames)
    default:
      // Debian's 1.52 answers a flood of CONTINUATION with an error code that its header does not name.
      terminate(.protocolError)
      return .protocolViolation
    }
  }

  /// Queues GOAWAY with `ENHANCE_YOUR_CALM`: the peer asks too much.
  func exceed(_ limit: SessionLimit) {
    guard exceededLimit == nil else { return }
    exceededLimit = limit
    terminate(.enhanceYourCalm)
    delegate?.session(self, didExceed: limit)
  }

  // MARK: Frames

  /// A frame's header came. nghttp2 passes over requests on streams that were skipped; the RFC does not.
  func didBegin(_ header: nghttp2_frame_hd) {
    if header.type == NGHTTP2_HEADERS.rawValue, skipped.contains(header.stream_id) {
      terminate(.protocolError)
    }
  }

  func didBeginHeaders(_ frame: UnsafePointer<nghttp2_frame>) {
    let id = frame.pointee.hd.stream_id
    // A block that was broken off has left both behind.
    headerStream = nil
    overflow = 0
    if role == .server, frame.pointee.headers.cat == NGHTTP2_HCAT_REQUEST {
      skipped.opened(id)
      let stream = HTTP2Stream(isRewindable: true)
      add(stream, id: id)
      nghttp2_session_set_stream_user_data(
        handle, id, Unmanaged.passUnretained(stream).toOpaque())
      headerStream = stream
    } else {
      guard let stream = stream(id), !stream.receivedEnd else { return }
      stream.headers.removeAll()
      headerStream = stream
    }
  }

  /// A field of the current block.
  func didReceiveField(
    name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>, isSensitive: Bool
  ) {
    guard let stream = headerStream else { return }
    let size = stream.headers.listSize + name.count + value.count + 32
    if stream.headersOverflowed || size > configuration.maxHeaderListSize {
      stream.headersOverflowed = true
      overflow += name.count + value.count + 32
      if overflow > configuration.abusiveHeaderListSize {
        exceed(.headerList)
      }
      return
    }
    stream.headers.append(name: name, value: value, isSensitive: isSensitive)
  }

  func didReceive(_ frame: UnsafePointer<nghttp2_frame>) {
    let header = frame.pointee.hd
    let endsStream = header.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
    switch nghttp2_frame_type(rawValue: UInt32(header.type)) {
    case NGHTTP2_DATA:
      if header.length == 0, !endsStream {
        spendControlFrame()
      }
      if endsStream, let stream = stream(header.stream_id) {
        didReceiveEnd(of: stream)
      }
    case NGHTTP2_HEADERS:
      didReceiveHeaders(frame, endsStream: endsStream)
    case NGHTTP2_RST_STREAM:
      stream(header.stream_id)?.wasResetByPeer = true
      spendReset()
    case NGHTTP2_SETTINGS:
      if header.flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) == 0 {
        spendControlFrame()
        delegate?.sessionDidReceiveSettings(self)
      }
    case NGHTTP2_PING:
      if header.flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) == 0 {
        spendControlFrame()
      } else {
        delegate?.sessionDidReceivePingAck(self)
      }
    case NGHTTP2_PRIORITY:
      spendControlFrame()
    case NGHTTP2_GOAWAY:
      let goAway = frame.pointee.goaway
      goAwayText = Array(
        UnsafeBufferPointer(start: goAway.opaque_data, count: min(goAway.opaque_data_len, 256)))
      delegate?.session(
        self, didReceiveGoAway: ErrorCode(rawValue: goAway.error_code),
        lastStreamID: goAway.last_stream_id)
    default:
      break
    }
  }

  /// A frame broke the rules of its stream, which is reset by nghttp2 (RFC 9113 §5.4.2): counted as a reset that the peer
  /// caused.
  func didReceiveInvalidFrame(on id: Int32) {
    stream(id)?.resetIsCounted = true
    spendReset()
  }

  func didReceiveData(_ id: Int32, _ bytes: UnsafeRawBufferPointer) {
    nghttp2_session_consume_connection(handle, bytes.count)
    guard let stream = stream(id) else { return }
    guard !stream.receivedEnd, stream.handler != nil || stream.sink != nil else {
      nghttp2_session_consume_stream(handle, id, bytes.count)
      return
    }
    guard !stream.dropsBody else {
      stream.drop(bytes)
      nghttp2_session_consume_stream(handle, id, bytes.count)
      return
    }
    stream.received.append(bytes)
    stream.wakeSink()
    stream.handler?.streamDidReceiveData(stream)
  }

  func didClose(_ id: Int32, code: UInt32) {
    guard let stream = stream(id) else { return }
    remove(stream)
    if headerStream === stream {
      headerStream = nil
    }
    let closure = closure(of: stream, ErrorCode(rawValue: code))
    if case .resetByUs = closure, !stream.resetIsCounted {
      // The peer made nghttp2 reset it, which costs as much as a reset of its own.
      spendReset()
    }
    finish(stream, closure)
    delegate?.sessionDidCloseStream(self)
  }

  private func closure(of stream: HTTP2Stream, _ code: ErrorCode) -> StreamClosure {
    if stream.wasResetByPeer { return .resetByPeer(code) }
    switch code {
    case .noError: return .ended
    // nghttp2 closes with this code what the peer's GOAWAY left out.
    case .refusedStream where role == .client: return .aboveGoAway
    default: return .resetByUs(code)
    }
  }

  private func didReceiveHeaders(_ frame: UnsafePointer<nghttp2_frame>, endsStream: Bool) {
    guard let stream = headerStream else { return }
    headerStream = nil
    overflow = 0
    stream.receivedEnd = endsStream
    if frame.pointee.headers.cat == NGHTTP2_HCAT_REQUEST {
      delegate?.session(self, didOpen: stream)
      return
    }
    let kind = kind(of: stream)
    stream.receivedTrailers = kind == .trailers
    stream.handler?.stream(stream, didReceive: kind)
    if endsStream {
      didReceiveEnd(of: stream)
    }
  }

  private func kind(of stream: HTTP2Stream) -> HeaderBlockKind {
    guard role == .client, !stream.sawFinalResponse else { return .trailers }
    let status = stream.headers.firstIndex(of: .status).flatMap(stream.headers.decimal(at:)) ?? 0
    if (100..<200).contains(status) {
      return .informational
    }
    stream.sawFinalResponse = true
    return .response
  }

  private func didReceiveEnd(of stream: HTTP2Stream) {
    stream.receivedEnd = true
    stream.wakeSink()
    stream.handler?.streamDidReceiveEnd(stream)
  }

  private func spendReset() {
    if !resets.spend(now: now) {
      exceed(.resets)
    }
  }

  private func spendControlFrame() {
    if !controlFrames.spend(now: now) {
      exceed(.controlFrames)
    }
  }
}
