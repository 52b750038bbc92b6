/// The little of HTTP/1.1 that it takes to find out which service a connection is for.
enum HTTP1Head {
  enum Host: Equatable {
    case found(String)
    /// The head is not complete.
    case incomplete
    /// It is not HTTP/1.1, or names no host.
    case none
  }

  /// The value of the `host` header of the request that begins with these bytes.
  static func host(in bytes: some Collection<UInt8>) -> Host {
    let text = String(decoding: bytes, as: UTF8.self)
    let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
    guard lines.count > 1 else { return text.contains("\n") ? .none : .incomplete }
    guard lines[0].hasSuffix(" HTTP/1.1") || lines[0].hasSuffix(" HTTP/1.0") else { return .none }
    for line in lines.dropFirst().dropLast() {
      if line.isEmpty { return .none }
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2, parts[0].lowercased() == "host" {
        return .found(parts[1].trimmingPrefix(while: \.isWhitespace).description)
      }
    }
    return .incomplete
  }
}
