import GRPCCore

/// What is left of a call's time, as it is told to the server: `grpc-timeout`.
enum GRPCTimeout {
  /// `nil` if the request says nothing, or nothing that can be understood.
  static func read(_ metadata: Metadata) -> Duration? {
    for value in metadata[stringValues: "grpc-timeout"] {
      // At most eight digits, says gRPC's protocol.
      guard value.utf8.count <= 9, let unit = value.utf8.last, let count = Int64(value.dropLast()),
        count >= 0
      else {
        return nil
      }
      switch unit {
      case UInt8(ascii: "H"): return .seconds(count * 3600)
      case UInt8(ascii: "M"): return .seconds(count * 60)
      case UInt8(ascii: "S"): return .seconds(count)
      case UInt8(ascii: "m"): return .milliseconds(count)
      case UInt8(ascii: "u"): return .microseconds(count)
      case UInt8(ascii: "n"): return .nanoseconds(count)
      default: return nil
      }
    }
    return nil
  }
}
