import CNGHTTP2
import NIOCore

/// One side of an HTTP/2 connection on nghttp2: bytes in, events out; frames in, bytes out. Does no I/O.
///
/// Feed what the socket read to `receive`, write what `send` puts into a buffer. Every method must be called on the
/// owner's thread. After `close` nothing happens any more.
package final class Session {
  package enum Role: Sendable {
    case server
    case client
  }

  package let role: Role
  package let configuration: SessionConfiguration
  /// Told what happens; kept alive until `close`.
  package var delegate: (any SessionDelegate)?
  /// Where `send` writes; the owner's buffer while it runs.
  var output = ByteBuffer()

  var handle: OpaquePointer?
  /// Open streams, in no order; the session keeps them alive.
  var streams: ContiguousArray<HTTP2Stream> = []
  /// The stream whose header block is being received.
  var headerStream: HTTP2Stream?
  var skipped = SkippedStreams()
  var resets: FrameBudget
  var controlFrames: FrameBudget
  /// The time of the bytes being received, in nanoseconds.
  var now: UInt64 = 0
  var needsSendWasSaid = false
  /// Bytes of the current header block beyond the limit.
  var overflow = 0
  var nameValues: [nghttp2_nv] = []
  /// Set when a limit was hit; nothing more is received.
  package internal(set) var exceededLimit: SessionLimit?
  /// The peer broke the protocol, and GOAWAY with this code went into what `send` gave out: nghttp2 answers by itself most
  /// of what a peer does wrong, and `receive` does not see it.
  package internal(set) var violation: ErrorCode?
  /// The beginning of what the peer's last GOAWAY said besides its code, for people (RFC 9113 §6.8).
  package internal(set) var goAwayText: [UInt8] = []

  package init(role: Role, configuration: SessionConfiguration) {
    self.role = role
    self.configuration = configuration
    resets = configuration.resets
    controlFrames = configuration.controlFrames
    handle = makeHandle()
    submitInitialSettings()
  }

  deinit {
    precondition(handle == nil, "A session is closed before it is let go.")
  }

  /// How many streams are open.
  package var openStreams: Int { streams.count }

  /// Streams that the peer allows us; 100 until its SETTINGS say otherwise (RFC 9113 §6.5.2 recommends no less).
  package var peerMaxConcurrentStreams: Int {
    guard let handle else { return 0 }
    return Int(
      nghttp2_session_get_remote_settings(handle, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS))
  }

  /// Whether stream ids are left for more requests.
  package var hasFreeStreamIDs: Bool {
    guard let handle else { return false }
    return nghttp2_session_get_next_stream_id(handle) < 1 << 31 - 1024
  }

  /// Nothing will be read or written any more: the connection can be closed.
  package var isFinished: Bool {
    guard let handle else { return true }
    return nghttp2_session_want_read(handle) == 0 && nghttp2_session_want_write(handle) == 0
  }

  /// The connection is gone: every stream gets its last event, and the memory of nghttp2 is freed. Must not be called from
  /// within a delegate's or handler's method.
  package func close() {
    guard let handle else { return }
    self.handle = nil
    for stream in streams {
      finish(stream, .connectionLost)
    }
    streams.removeAll()
    headerStream = nil
    delegate = nil
    nghttp2_session_del(handle)
  }

  func needsSend() {
    guard !needsSendWasSaid else { return }
    needsSendWasSaid = true
    delegate?.sessionNeedsSend(self)
  }

  // MARK: Streams

  func add(_ stream: HTTP2Stream, id: Int32) {
    stream.id = id
    stream.session = self
    stream.index = streams.count
    streams.append(stream)
  }

  func remove(_ stream: HTTP2Stream) {
    let last = streams.removeLast()
    if last !== stream {
      last.index = stream.index
      streams[stream.index] = last
    }
  }

  func stream(_ id: Int32) -> HTTP2Stream? {
    guard let handle, let data = nghttp2_session_get_stream_user_data(handle, id) else {
      return nil
    }
    return Unmanaged<HTTP2Stream>.fromOpaque(data).takeUnretainedValue()
  }

  /// The stream's last event. What it received stays readable for its sink if the peer had ended it.
  func finish(_ stream: HTTP2Stream, _ closure: StreamClosure) {
    stream.isClosed = true
    stream.session = nil
    stream.source?.sink = nil
    stream.source = nil
    let handler = stream.handler
    stream.handler = nil
    handler?.streamDidClose(stream, closure)
  }

  // MARK: Set-up

  private func makeHandle() -> OpaquePointer? {
    var option: OpaquePointer?
    nghttp2_option_new(&option)
    defer { nghttp2_option_del(option) }
    nghttp2_option_set_no_auto_window_update(option, 1)
    nghttp2_option_set_max_outbound_ack(option, configuration.maxQueuedAcks)
    // Resets are counted here, against a budget that ends the connection with the code for it.
    nghttp2_option_set_stream_reset_rate_limit(option, .max, .max)
    nghttp2_option_set_max_send_header_block_length(option, configuration.abusiveHeaderListSize * 2)
    var handle: OpaquePointer?
    let context = Unmanaged.passUnretained(self).toOpaque()
    let status =
      switch role {
      case .server: nghttp2_session_server_new2(&handle, Self.callbacks, context, option)
      case .client: nghttp2_session_client_new2(&handle, Self.callbacks, context, option)
      }
    precondition(status == 0, "nghttp2 makes a session unless memory is exhausted.")
    return handle
  }

  private func submitInitialSettings() {
    var settings = [
      (NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, configuration.streamWindow),
      (NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, configuration.maxHeaderListSize),
    ]
    switch role {
    case .server:
      settings.append((NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, configuration.maxConcurrentStreams))
    case .client:
      settings.append((NGHTTP2_SETTINGS_ENABLE_PUSH, 0))
    }
    let entries = settings.map {
      nghttp2_settings_entry(settings_id: Int32($0.0.rawValue), value: UInt32($0.1))
    }
    nghttp2_submit_settings(handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), entries, entries.count)
    nghttp2_session_set_local_window_size(
      handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), 0, Int32(configuration.connectionWindow))
  }
}
