import Foundation

/// An authority with a server's certificate and a client's, made by `openssl` for one test.
final class Certificates: Sendable {
  let ca: String
  let serverCertificate: String
  let serverKey: String
  let clientCertificate: String
  let clientKey: String
  private let folder: TemporaryFolder

  struct Failure: Error {
    let message: String
  }

  /// - Parameters:
  ///   - subject: whom the server's certificate is for, as a subject alternative name.
  ///   - isExpired: whether the server's certificate is of yesterday.
  init(subject: String = "IP:127.0.0.1", isExpired: Bool = false) throws {
    folder = try TemporaryFolder()
    let path = folder.path
    ca = "\(path)/ca.pem"
    serverCertificate = "\(path)/server.pem"
    serverKey = "\(path)/server.key"
    clientCertificate = "\(path)/client.pem"
    clientKey = "\(path)/client.key"
    try Self.openssl(
      ["req", "-x509", "-nodes", "-keyout", "\(path)/ca.key", "-out", ca, "-days", "2"]
        + ["-subj", "/CN=test CA"] + Self.newKey)
    try sign(
      "server", "subjectAltName=\(subject)\nextendedKeyUsage=serverAuth\n",
      days: isExpired ? -1 : 2)
    try sign("client", "extendedKeyUsage=clientAuth\n", days: 2)
  }

  /// A file's text in base64, as kubeconfigs hold it.
  static func data(_ path: String) throws -> String {
    try Data(contentsOf: URL(fileURLWithPath: path)).base64EncodedString()
  }

  private static let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]

  private func sign(_ name: String, _ extensions: String, days: Int) throws {
    let base = "\(folder.path)/\(name)"
    try folder.write("\(name).ext", extensions)
    try Self.openssl(
      ["req", "-nodes", "-keyout", "\(base).key", "-out", "\(base).csr", "-subj", "/CN=\(name)"]
        + Self.newKey)
    try Self.openssl([
      "x509", "-req", "-in", "\(base).csr", "-CA", ca, "-CAkey", "\(folder.path)/ca.key",
      "-CAcreateserial", "-out", "\(base).pem", "-days", "\(days)", "-extfile", "\(base).ext",
    ])
  }

  private static func openssl(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    let output = Pipe()
    process.standardError = output
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let text = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(message: text) }
  }
}
