import FairleadHTTP2
import FairleadTelemetry

/// An answer that the proxy makes itself.
///
/// To a gRPC call it is Trailers-Only: `:status 200` with `grpc-status`, `grpc-message` and the flag; to any other
/// request it is the HTTP status with the flag. gRPC codes follow gRPC's mapping of HTTP statuses.
struct LocalReply: Equatable {
  let flag: ResponseFlag
  let httpStatus: Int
  let grpcStatus: Int
  let message: String

  static let flagHeader = "x-fairlead-flag"

  static func noRoute(authority: String) -> LocalReply {
    LocalReply(
      flag: .noRoute, httpStatus: 404, grpcStatus: 12,
      message: "no service is known as \"\(authority)\"")
  }

  static func noCluster(_ name: String) -> LocalReply {
    LocalReply(
      flag: .noCluster, httpStatus: 503, grpcStatus: 14,
      message: "the route leads to \(name), which is not in the configuration")
  }

  static func noEndpoints(_ cluster: String) -> LocalReply {
    LocalReply(
      flag: .noHealthyUpstream, httpStatus: 503, grpcStatus: 14,
      message: "\(cluster) has no endpoints")
  }

  static func allUnreachable(_ cluster: String, lastError: String) -> LocalReply {
    LocalReply(
      flag: .upstreamConnectFailure, httpStatus: 503, grpcStatus: 14,
      message: "no endpoint of \(cluster) can be reached; the last error: \(lastError)")
  }

  static func overflow(_ cluster: String, limit: Int) -> LocalReply {
    LocalReply(
      flag: .upstreamOverflow, httpStatus: 503, grpcStatus: 14,
      message: "\(limit) calls wait for \(cluster) already")
  }

  static func retriesExhausted(_ cluster: String) -> LocalReply {
    LocalReply(
      flag: .retriesExhausted, httpStatus: 503, grpcStatus: 14,
      message: "every attempt at \(cluster) failed before an endpoint took the call")
  }

  static func connectionLost(endpoint: String) -> LocalReply {
    LocalReply(
      flag: .upstreamConnectionTermination, httpStatus: 503, grpcStatus: 14,
      message: "the connection to \(endpoint) was lost")
  }

  static func protocolViolation(endpoint: String, code: ErrorCode) -> LocalReply {
    LocalReply(
      flag: .upstreamProtocolError, httpStatus: 502, grpcStatus: 14,
      message: "\(endpoint) broke HTTP/2 within the call (\(code))")
  }

  static let deadlineExceeded = LocalReply(
    flag: .upstreamTimeout, httpStatus: 504, grpcStatus: 4,
    message: "the deadline passed before the endpoint had answered")

  static func headersTooLarge(limit: Int) -> LocalReply {
    LocalReply(
      flag: .overloaded, httpStatus: 431, grpcStatus: 8,
      message: "the request's headers are over the limit of \(limit) bytes")
  }

  static func responseHeadersTooLarge(endpoint: String, limit: Int) -> LocalReply {
    LocalReply(
      flag: .overloaded, httpStatus: 502, grpcStatus: 8,
      message: "the headers of \(endpoint) are over the limit of \(limit) bytes")
  }

  static let connectNotSupported = LocalReply(
    flag: .noRoute, httpStatus: 501, grpcStatus: 12, message: "CONNECT is not supported")

  /// The whole response.
  func headers(isGRPC: Bool) -> HeaderBlock {
    guard isGRPC else {
      return HeaderBlock([
        (":status", String(httpStatus)), ("content-length", "0"),
        (Self.flagHeader, flag.rawValue),
      ])
    }
    return HeaderBlock(
      [(":status", "200"), ("content-type", "application/grpc")] + statusFields)
  }

  /// For a gRPC response whose headers are out already.
  var trailers: HeaderBlock { HeaderBlock(statusFields) }

  private var statusFields: [(String, String)] {
    [
      ("grpc-status", String(grpcStatus)), ("grpc-message", Self.percentEncoded(message)),
      (Self.flagHeader, flag.rawValue),
    ]
  }

  /// Printable ASCII but `%` stays; other bytes become `%XX` (gRPC over HTTP/2, "Responses").
  static func percentEncoded(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
      if (0x20...0x7E).contains(byte), byte != UInt8(ascii: "%") {
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        encoded += "%" + (digits.count < 2 ? "0" : "") + digits
      }
    }
    return encoded
  }
}
