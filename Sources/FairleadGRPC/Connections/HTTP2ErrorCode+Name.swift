import NIOHTTP2

extension HTTP2ErrorCode {
  private static let names = [
    "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT",
    "STREAM_CLOSED", "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR",
    "CONNECT_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
  ]

  /// As RFC 9113, section 7, calls it; the number, where it has no name.
  var name: String {
    Self.names.indices.contains(networkCode) ? Self.names[networkCode] : "error \(networkCode)"
  }
}
