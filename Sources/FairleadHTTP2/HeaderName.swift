#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The header names that the proxy itself looks at; all others are `other`.
package enum HeaderName: UInt8, Sendable {
  case other
  case method, scheme, authority, path, status
  case host, contentType, grpcTimeout, grpcStatus, grpcMessage

  /// Told by length first, so that most names cost one comparison.
  init(_ name: UnsafeBufferPointer<UInt8>) {
    switch name.count {
    case 4: self = name.equals("host") ? .host : .other
    case 5: self = name.equals(":path") ? .path : .other
    case 7:
      if name.equals(":method") {
        self = .method
      } else if name.equals(":status") {
        self = .status
      } else {
        self = name.equals(":scheme") ? .scheme : .other
      }
    case 10: self = name.equals(":authority") ? .authority : .other
    case 11: self = name.equals("grpc-status") ? .grpcStatus : .other
    case 12:
      if name.equals("content-type") {
        self = .contentType
      } else if name.equals("grpc-timeout") {
        self = .grpcTimeout
      } else {
        self = name.equals("grpc-message") ? .grpcMessage : .other
      }
    default: self = .other
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether these bytes are the ASCII text.
  func equals(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount, let baseAddress else { return false }
    return memcmp(baseAddress, text.utf8Start, count) == 0
  }
}
