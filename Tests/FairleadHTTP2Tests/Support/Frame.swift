/// An HTTP/2 frame as it is on the wire: for what nghttp2 would not send, and to see what was sent.
struct Frame: Equatable {
  enum Kind: UInt8 {
    case data, headers, priority, rstStream, settings, pushPromise, ping, goAway, windowUpdate
    case continuation
  }

  static let endStream: UInt8 = 0x1
  static let ack: UInt8 = 0x1
  static let endHeaders: UInt8 = 0x4

  static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

  var kind: Kind
  var flags: UInt8 = 0
  var stream: UInt32 = 0
  var payload: [UInt8] = []

  var bytes: [UInt8] {
    let length = payload.count
    return [UInt8(length >> 16 & 0xFF), UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF)]
      + [kind.rawValue, flags] + Self.word(stream) + payload
  }

  static func word(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  /// The whole frames in these bytes, with or without a preface before them.
  static func parse(_ bytes: [UInt8]) -> [Frame] {
    var frames: [Frame] = []
    var rest = bytes[...]
    if rest.starts(with: preface) {
      rest = rest.dropFirst(preface.count)
    }
    while rest.count >= 9 {
      let header = Array(rest.prefix(9))
      let length = Int(header[0]) << 16 | Int(header[1]) << 8 | Int(header[2])
      guard rest.count >= 9 + length, let kind = Kind(rawValue: header[3]) else { break }
      frames.append(
        Frame(
          kind: kind, flags: header[4], stream: number(header[5...8]) & 0x7FFF_FFFF,
          payload: Array(rest.dropFirst(9).prefix(length))))
      rest = rest.dropFirst(9 + length)
    }
    return frames
  }

  static func number(_ bytes: some Sequence<UInt8>) -> UInt32 {
    bytes.reduce(0) { $0 << 8 | UInt32($1) }
  }

  var endsStream: Bool {
    (kind == .data || kind == .headers) && flags & Self.endStream != 0
  }

  /// The error code of RST_STREAM or GOAWAY.
  var errorCode: UInt32? {
    switch kind {
    case .rstStream: Self.number(payload.prefix(4))
    case .goAway: Self.number(payload.dropFirst(4).prefix(4))
    case .data, .headers, .priority, .settings, .pushPromise, .ping, .windowUpdate, .continuation:
      nil
    }
  }

  /// The last stream of GOAWAY.
  var lastStream: UInt32? {
    kind == .goAway ? Self.number(payload.prefix(4)) & 0x7FFF_FFFF : nil
  }

  /// Bytes that WINDOW_UPDATE gives.
  var increment: Int? {
    kind == .windowUpdate ? Int(Self.number(payload)) : nil
  }
}

extension Frame {
  static func settings(_ values: [(UInt16, UInt32)] = []) -> Frame {
    Frame(
      kind: .settings,
      payload: values.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] + word($1) })
  }

  static let settingsAck = Frame(kind: .settings, flags: ack)
  static let ping = Frame(kind: .ping, payload: [1, 2, 3, 4, 5, 6, 7, 8])

  static func headers(
    _ stream: UInt32, _ fields: [(String, String)], flags: UInt8 = endHeaders
  ) -> Frame {
    Frame(kind: .headers, flags: flags, stream: stream, payload: hpack(fields))
  }

  static func data(_ stream: UInt32, _ bytes: [UInt8], flags: UInt8 = 0) -> Frame {
    Frame(kind: .data, flags: flags, stream: stream, payload: bytes)
  }

  static func rstStream(_ stream: UInt32, _ code: UInt32) -> Frame {
    Frame(kind: .rstStream, stream: stream, payload: word(code))
  }

  static func goAway(last: UInt32, _ code: UInt32 = 0) -> Frame {
    Frame(kind: .goAway, payload: word(last) + word(code))
  }

  static func windowUpdate(_ stream: UInt32, _ increment: UInt32) -> Frame {
    Frame(kind: .windowUpdate, stream: stream, payload: word(increment))
  }

  static let request: [(String, String)] = [
    (":method", "POST"), (":scheme", "http"), (":path", "/a.B/C"), (":authority", "a"),
  ]

  /// HPACK without an index and without Huffman (RFC 7541 §6.2.2).
  static func hpack(_ fields: [(String, String)]) -> [UInt8] {
    fields.flatMap { name, value in
      [0] + string(name) + string(value)
    }
  }

  private static func string(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    guard bytes.count >= 127 else { return [UInt8(bytes.count)] + bytes }
    var length: [UInt8] = [127]
    var rest = bytes.count - 127
    while rest >= 128 {
      length.append(UInt8(rest & 127 | 128))
      rest >>= 7
    }
    return length + [UInt8(rest)] + bytes
  }
}
