import CNGHTTP2
import NIOCore

extension Session {
  /// Appends queued frames to `buffer` until it holds about `limit` bytes.
  ///
  /// - Returns: whether frames may be left.
  package func send(into buffer: inout ByteBuffer, limit: Int) -> Bool {
    needsSendWasSaid = false
    swap(&output, &buffer)
    defer { swap(&output, &buffer) }
    while let handle, output.readableBytes < limit {
      var bytes: UnsafePointer<UInt8>?
      let length = nghttp2_session_mem_send(handle, &bytes)
      guard length > 0 else { return false }
      output.writeBytes(UnsafeRawBufferPointer(start: bytes, count: length))
    }
    return handle != nil
  }

  // MARK: Messages

  /// Opens a stream that sends `headers` and then what `source` receives.
  ///
  /// - Returns: nil if the session takes no more requests: the connection is going away.
  package func submitRequest(
    _ headers: HeaderBlock, source: HTTP2Stream, handler: any StreamHandler
  ) -> HTTP2Stream? {
    guard let handle else { return nil }
    let stream = HTTP2Stream(isRewindable: false)
    stream.handler = handler
    let hasBody = !(source.receivedEnd && source.received.count == 0 && !source.receivedTrailers)
    let context = Unmanaged.passUnretained(stream).toOpaque()
    let id = withNameValues(headers) { fields, count in
      guard hasBody else {
        return nghttp2_submit_request(handle, nil, fields, count, nil, context)
      }
      var provider = Self.provider(for: stream)
      return nghttp2_submit_request(handle, nil, fields, count, &provider, context)
    }
    guard id > 0 else { return nil }
    stream.source = source
    source.sink = stream
    add(stream, id: id)
    needsSend()
    return stream
  }

  /// Answers on `stream` with `headers` and then what `source` receives; without a source the headers end it.
  package func submitResponse(
    _ headers: HeaderBlock, on stream: HTTP2Stream, source: HTTP2Stream?
  ) {
    guard let handle, !stream.isClosed else { return }
    _ = withNameValues(headers) { fields, count in
      guard let source else {
        return nghttp2_submit_response(handle, stream.id, fields, count, nil)
      }
      stream.source = source
      source.sink = stream
      var provider = Self.provider(for: stream)
      return nghttp2_submit_response(handle, stream.id, fields, count, &provider)
    }
    needsSend()
  }

  /// Sends a 1xx response on `stream`.
  package func submitInformational(_ headers: HeaderBlock, on stream: HTTP2Stream) {
    guard let handle, !stream.isClosed else { return }
    _ = withNameValues(headers) { fields, count in
      nghttp2_submit_headers(
        handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream.id, nil, fields, count, nil)
    }
    needsSend()
  }

  /// Ends the stream at once.
  package func reset(_ stream: HTTP2Stream, _ code: ErrorCode) {
    guard let handle, !stream.isClosed else { return }
    stream.resetIsCounted = true
    nghttp2_submit_rst_stream(
      handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream.id, code.rawValue)
    needsSend()
  }

  // MARK: Connection

  package func ping() {
    guard let handle else { return }
    nghttp2_submit_ping(handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), nil)
    needsSend()
  }

  /// The first GOAWAY of two: asks the peer to open no more streams, and refuses none (RFC 9113 §6.8).
  package func announceShutdown() {
    guard let handle, role == .server else { return }
    nghttp2_submit_shutdown_notice(handle)
    needsSend()
  }

  /// The GOAWAY that holds: streams above the last one received are refused; the session is finished when those below
  /// have ended.
  package func goAway() {
    guard let handle else { return }
    nghttp2_submit_goaway(
      handle, UInt8(NGHTTP2_FLAG_NONE.rawValue),
      nghttp2_session_get_last_proc_stream_id(handle), ErrorCode.noError.rawValue, nil, 0)
    needsSend()
  }

  /// GOAWAY with an error; nothing but it is sent any more.
  package func terminate(_ code: ErrorCode) {
    guard let handle else { return }
    nghttp2_session_terminate_session(handle, code.rawValue)
    needsSend()
  }

  // MARK: Flow control

  /// Opens the stream's window again by bytes that were taken.
  func giveBack(_ length: Int, on stream: HTTP2Stream) {
    guard length > 0, let handle, !stream.isClosed else { return }
    nghttp2_session_consume_stream(handle, stream.id, length)
    needsSend()
  }

  func resume(_ stream: HTTP2Stream) {
    stream.sendingIsDeferred = false
    nghttp2_session_resume_data(handle, stream.id)
    needsSend()
  }

  // MARK: Data provider

  private static func provider(for stream: HTTP2Stream) -> nghttp2_data_provider {
    var provider = nghttp2_data_provider()
    provider.source.ptr = Unmanaged.passUnretained(stream).toOpaque()
    provider.read_callback = { _, _, _, length, flags, source, context in
      let stream = Unmanaged<HTTP2Stream>.fromOpaque(source!.pointee.ptr).takeUnretainedValue()
      let session = Unmanaged<Session>.fromOpaque(context!).takeUnretainedValue()
      return session.offerData(of: stream, length: length, flags: flags!)
    }
    return provider
  }

  /// How much of the source goes into the next DATA frame.
  private func offerData(
    of stream: HTTP2Stream, length: Int, flags: UnsafeMutablePointer<UInt32>
  ) -> Int {
    guard let source = stream.source else {
      stream.sendingIsDeferred = true
      return Int(NGHTTP2_ERR_DEFERRED.rawValue)
    }
    let offered = min(length, source.received.count)
    let isLast = source.receivedEnd && offered == source.received.count
    if offered == 0, !isLast {
      stream.sendingIsDeferred = true
      return Int(NGHTTP2_ERR_DEFERRED.rawValue)
    }
    flags.pointee |= NGHTTP2_DATA_FLAG_NO_COPY.rawValue
    if isLast {
      flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue
      if source.receivedTrailers {
        flags.pointee |= NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
        _ = withNameValues(source.headers) { fields, count in
          nghttp2_submit_trailer(handle, stream.id, fields, count)
        }
      }
    }
    return offered
  }

  /// A frame is out. A response that is complete before its request asks the client to stop sending (RFC 9113 §8.1);
  /// submitted any earlier, the reset would take the response back.
  func didSend(_ frame: UnsafePointer<nghttp2_frame>) {
    let header = frame.pointee.hd
    if header.type == NGHTTP2_GOAWAY.rawValue, frame.pointee.goaway.error_code != 0,
      exceededLimit == nil
    {
      violation = ErrorCode(rawValue: frame.pointee.goaway.error_code)
    }
    if role == .client, header.type == NGHTTP2_HEADERS.rawValue {
      stream(header.stream_id)?.wasSent = true
    }
    guard role == .server, header.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0,
      let stream = stream(header.stream_id), !stream.receivedEnd
    else { return }
    nghttp2_submit_rst_stream(
      handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream.id, ErrorCode.noError.rawValue)
  }

  /// Writes one DATA frame: its header, and `length` bytes straight from the source.
  func writeData(of stream: HTTP2Stream, header: UnsafePointer<UInt8>, length: Int) {
    output.writeBytes(UnsafeRawBufferPointer(start: header, count: 9))
    guard let source = stream.source else { return }
    let fresh = source.received.move(length, to: &output)
    source.session?.giveBack(fresh, on: source)
  }

  // MARK: Headers

  /// The block as nghttp2 wants it, valid within the closure; nghttp2 copies what it keeps.
  private func withNameValues(
    _ block: HeaderBlock, _ body: (UnsafePointer<nghttp2_nv>?, Int) -> Int32
  ) -> Int32 {
    nameValues.removeAll(keepingCapacity: true)
    return block.arena.withUnsafeBufferPointer { arena in
      guard let base = arena.baseAddress else { return body(nil, 0) }
      let bytes = UnsafeMutablePointer(mutating: base)
      for field in block.fields {
        nameValues.append(
          nghttp2_nv(
            name: bytes + Int(field.nameStart), value: bytes + Int(field.valueStart),
            namelen: Int(field.nameLength), valuelen: Int(field.valueLength),
            flags: UInt8(
              field.isSensitive
                ? NGHTTP2_NV_FLAG_NO_INDEX.rawValue : NGHTTP2_NV_FLAG_NONE.rawValue)))
      }
      return nameValues.withUnsafeBufferPointer { body($0.baseAddress, $0.count) }
    }
  }
}
