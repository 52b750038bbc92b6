/// The value of `grpc-timeout`: up to eight digits and a unit (gRPC over HTTP/2, "Requests").
struct GRPCTimeout: Equatable {
  let nanoseconds: UInt64

  init(nanoseconds: UInt64) {
    self.nanoseconds = nanoseconds
  }

  /// nil if the bytes are not of that form.
  init?(_ bytes: some BidirectionalCollection<UInt8>) {
    guard let unit = bytes.last, (2...9).contains(bytes.count) else { return nil }
    var number: UInt64 = 0
    for byte in bytes.dropLast() {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      number = number * 10 + UInt64(byte - UInt8(ascii: "0"))
    }
    let scale: UInt64
    switch unit {
    case UInt8(ascii: "n"): scale = 1
    case UInt8(ascii: "u"): scale = 1_000
    case UInt8(ascii: "m"): scale = 1_000_000
    case UInt8(ascii: "S"): scale = 1_000_000_000
    case UInt8(ascii: "M"): scale = 60_000_000_000
    case UInt8(ascii: "H"): scale = 3_600_000_000_000
    default: return nil
    }
    let (product, overflow) = number.multipliedReportingOverflow(by: scale)
    // A century, far beyond any call, keeps sums with it within 64 bits.
    nanoseconds = overflow ? 3_155_760_000_000_000_000 : min(product, 3_155_760_000_000_000_000)
  }

  /// In the finest unit that eight digits hold, rounded down.
  var text: String {
    let units: [(UInt64, String)] = [
      (1, "n"), (1_000, "u"), (1_000_000, "m"), (1_000_000_000, "S"), (60_000_000_000, "M"),
    ]
    for (scale, unit) in units where nanoseconds / scale < 100_000_000 {
      return "\(nanoseconds / scale)\(unit)"
    }
    return "\(nanoseconds / 3_600_000_000_000)H"
  }
}
