/// What is wrong with a server that can be reached.
enum SessionFault: Error {
  case noHTTP2
  case noSettings

  func sentence(_ settings: LoadConnectionSettings) -> String {
    let server = settings.address.description
    switch self {
    case .noHTTP2:
      return "The server \(server) does not answer in HTTP/2; check the port"
        + (settings.isSecure ? "." : ", or leave out --plaintext if it wants TLS.")
    case .noSettings:
      return "The server \(server) takes connections but says nothing within "
        + "\(settings.connectTimeout.text); check that it is a gRPC server"
        + (settings.isSecure ? "." : ", or leave out --plaintext if it wants TLS.")
    }
  }
}

extension Duration {
  /// `10s`, `500ms`.
  var text: String {
    let (seconds, attoseconds) = components
    let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    return milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
  }
}
