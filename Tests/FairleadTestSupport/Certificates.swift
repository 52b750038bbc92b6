import Foundation

/// A ``TestAuthority`` with a server's certificate and a client's.
package final class Certificates: Sendable {
  /// Whether the server's certificate is for 127.0.0.1.
  package let isForLoopback: Bool
  private let authority: TestAuthority
  private let server: TestAuthority.Issued
  private let client: TestAuthority.Issued

  package var ca: String { authority.certificate }
  package var serverCertificate: String { server.certificate }
  package var serverKey: String { server.key }
  package var clientCertificate: String { client.certificate }
  package var clientKey: String { client.key }

  /// - Parameters:
  ///   - subject: whom the server's certificate is for, as a subject alternative name.
  ///   - isExpired: whether the server's certificate is of yesterday.
  package init(subject: String = "IP:127.0.0.1", isExpired: Bool = false) throws {
    isForLoopback = subject == "IP:127.0.0.1"
    authority = try TestAuthority()
    server = try authority.issue("server", subject: subject, days: isExpired ? -1 : 2)
    client = try authority.issue("client", usage: "clientAuth")
  }

  /// A file's text in base64, as kubeconfigs hold it.
  package static func data(_ path: String) throws -> String {
    try Data(contentsOf: URL(fileURLWithPath: path)).base64EncodedString()
  }
}
