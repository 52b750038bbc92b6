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
  /// Whether a field of this name stays out of the header table of the next hop.
  ///
  /// A gRPC peer parses these values, and some remember with the table's entry that its value was malformed: they fail
  /// every later call that refers to the entry, if only for its name. The calls of all clients share one table, so one
  /// client could fail the calls of all others. Most of these values are new in each call besides, so that an index
  /// would not save anything.
  var isKeptOutOfHeaderTables: Bool {
    guard count > 4, let baseAddress else { return false }
    if memcmp(baseAddress + (count - 4), "-bin", 4) == 0 { return true }
    guard count > 5, memcmp(baseAddress, "grpc-", 5) == 0 else { return false }
    // The same in nearly every call, and never malformed between peers that could do each other harm.
    return !equals("grpc-status") && !equals("grpc-accept-encoding")
  }

  /// Whether these bytes are the ASCII text.
  func equals(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount, let baseAddress else { return false }
    return memcmp(baseAddress, text.utf8Start, count) == 0
  }
}
