import FairleadHTTP2

extension LoadRequest {
  /// The header block of every call, as gRPC over HTTP/2 has it.
  ///
  /// - Parameter timeout: nanoseconds.
  func headers(_ settings: LoadConnectionSettings, timeout: UInt64?) -> [(String, String)] {
    var fields = [
      (":method", "POST"), (":scheme", settings.scheme), (":path", path),
      (":authority", settings.authority), ("te", "trailers"),
      ("content-type", "application/grpc"), ("user-agent", "fairlead-load"),
    ]
    if let timeout { fields.append(("grpc-timeout", Self.timeoutText(timeout))) }
    return fields + metadata.map { ($0.name, $0.value) }
  }

  /// At most eight digits and a unit, rounded up.
  static func timeoutText(_ nanoseconds: UInt64) -> String {
    let units: [(String, UInt64)] = [
      ("n", 1), ("u", 1000), ("m", 1_000_000), ("S", 1_000_000_000), ("M", 60_000_000_000),
    ]
    for (unit, size) in units {
      let count = nanoseconds / size + (nanoseconds % size == 0 ? 0 : 1)
      if count < 100_000_000 { return "\(count)\(unit)" }
    }
    return "\(min(99_999_999, nanoseconds / 3_600_000_000_000 + 1))H"
  }
}
