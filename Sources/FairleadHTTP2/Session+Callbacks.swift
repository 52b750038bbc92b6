import CNGHTTP2

/// The table of C functions that nghttp2 calls; each finds its session and hands on.
extension Session {
  nonisolated(unsafe) static let callbacks: OpaquePointer? = {
    var table: OpaquePointer?
    nghttp2_session_callbacks_new(&table)
    setReceiving(table)
    setSending(table)
    return table
  }()

  private static func setReceiving(_ table: OpaquePointer?) {
    nghttp2_session_callbacks_set_on_begin_frame_callback(table) { _, header, context in
      owner(context) { $0.didBegin(header!.pointee) }
      return 0
    }
    nghttp2_session_callbacks_set_on_begin_headers_callback(table) { _, frame, context in
      owner(context) { $0.didBeginHeaders(frame!) }
      return 0
    }
    nghttp2_session_callbacks_set_on_header_callback(table) {
      _, _, name, nameLength, value, valueLength, flags, context in
      owner(context) {
        $0.didReceiveField(
          name: UnsafeBufferPointer(start: name, count: nameLength),
          value: UnsafeBufferPointer(start: value, count: valueLength),
          isSensitive: flags & UInt8(NGHTTP2_NV_FLAG_NO_INDEX.rawValue) != 0)
      }
      return 0
    }
    nghttp2_session_callbacks_set_on_frame_recv_callback(table) { _, frame, context in
      owner(context) { $0.didReceive(frame!) }
      return 0
    }
    nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(table) { _, frame, _, context in
      owner(context) { $0.didReceiveInvalidFrame(on: frame!.pointee.hd.stream_id) }
      return 0
    }
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(table) {
      _, _, id, bytes, length, context in
      owner(context) {
        $0.didReceiveData(id, UnsafeRawBufferPointer(start: bytes, count: length))
      }
      return 0
    }
    nghttp2_session_callbacks_set_on_stream_close_callback(table) { _, id, code, context in
      owner(context) { $0.didClose(id, code: code) }
      return 0
    }
  }

  private static func setSending(_ table: OpaquePointer?) {
    nghttp2_session_callbacks_set_on_frame_send_callback(table) { _, frame, context in
      owner(context) { $0.didSend(frame!) }
      return 0
    }
    nghttp2_session_callbacks_set_send_data_callback(table) {
      _, _, header, length, source, context in
      let stream = Unmanaged<HTTP2Stream>.fromOpaque(source!.pointee.ptr).takeUnretainedValue()
      owner(context) { $0.writeData(of: stream, header: header!, length: length) }
      return 0
    }
  }
}

/// The session is alive while nghttp2 runs in it, so no callback need retain it.
@inline(__always)
private func owner(
  _ context: UnsafeMutableRawPointer?, _ body: (Session) -> Void
) {
  Unmanaged<Session>.fromOpaque(context!)._withUnsafeGuaranteedRef(body)
}
